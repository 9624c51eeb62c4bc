import type { Bot } from '../../ports/bot.ts';

/** Whether the app is still in its workspace. */
export interface Removal {
  /** The same bot, which is listened to. */
  readonly bot: Bot;
  /** How it was removed, as a sentence; undefined while it is there. */
  gone(): string | undefined;
}

/** Notes when a bot is told that its app was removed, and then stops, once: a new installation needs a new start. */
export function watchRemoval(bot: Bot, stop: () => Promise<void>): Removal {
  let gone: string | undefined;
  return {
    bot: {
      ...bot,
      async workspaceGone(team, reason) {
        const isNews = gone === undefined;
        gone ??= reason;
        await bot.workspaceGone(team, reason);
        if (isNews) {
          // What is under way may take seconds, and Slack waits for its acknowledgement.
          void stop();
        }
      },
    },
    gone: () => gone,
  };
}
