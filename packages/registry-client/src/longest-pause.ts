/** How long the pause before another attempt becomes at most, to follow the registry as to pass on what it said. */
export const longestPauseMilliseconds = 2000;
