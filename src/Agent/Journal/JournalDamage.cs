namespace HostAgent.Agent.Journal;

/// <summary>A damage of the journal that was found at a start, and what came of it.</summary>
/// <param name="FindTime">When it was found.</param>
/// <param name="SetAside">The name of the file that was set aside, in the journal's directory.</param>
/// <param name="Explanation">What was found, in one line.</param>
/// <param name="OperationsMissing">Operations may be missing: an id that is not known may have been used.</param>
internal sealed record JournalDamage(DateTimeOffset FindTime, string SetAside, string Explanation, bool OperationsMissing);
