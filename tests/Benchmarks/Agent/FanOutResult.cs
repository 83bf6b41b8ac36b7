namespace HostAgent.Benchmarks.Agent;

/// <summary>How fast the events of one failback came to its watchers.</summary>
/// <param name="Watchers">How many.</param>
/// <param name="Messages">Messages that they received after all of them had come.</param>
/// <param name="Events">Events that every one of them received; the others were percentages that some skipped for a newer one.</param>
/// <param name="Spread">For each of those events, from its first watcher's message to its last's; null when there was none.</param>
/// <param name="PerSecond">Messages in a second while an event spreads, by the median; null for a single watcher.</param>
/// <param name="AllocatedBytesPerMessage">Allocated for each message by agent and watchers together.</param>
internal sealed record FanOutResult(int Watchers, long Messages, int Events, Durations? Spread, double? PerSecond, long AllocatedBytesPerMessage);
