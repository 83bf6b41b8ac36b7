namespace HostAgent.Agent.Operations.Model;

/// <summary>A point in the life of a journal: a journal that is made afresh has another id, a copy that is put back has fewer commits.</summary>
/// <param name="JournalId">The journal.</param>
/// <param name="Commits">How many commits it has.</param>
/// <param name="ClaimToken">A token that the journal has since a claim, and no older copy has; null when not reported.</param>
internal sealed record JournalPosition(Guid JournalId, long Commits, Guid? ClaimToken = null);

/// <summary>A damage of the journal that was found at a start, and what came of it.</summary>
/// <param name="FindTime">When it was found.</param>
/// <param name="SetAside">The name of the quarantined file, in the journal's directory.</param>
/// <param name="Explanation">What was found, in one line.</param>
/// <param name="OperationsMissing">Operations may be missing: an id that is not known may have been used.</param>
internal sealed record JournalDamage(DateTimeOffset FindTime, string SetAside, string Explanation, bool OperationsMissing);

/// <summary>Which operations to list, newest first.</summary>
/// <param name="Limit">At most this many.</param>
/// <param name="BeforeOrdinal">Only operations accepted before this one; null for the newest.</param>
/// <param name="VirtualMachineId">Only of this machine; null for all.</param>
/// <param name="CampaignId">Only of this campaign; null for all.</param>
/// <param name="LiveOnly">Only operations that are not terminal.</param>
/// <param name="Kind">Only of this kind; null for all.</param>
internal sealed record OperationQuery(
    int Limit, long? BeforeOrdinal = null, string? VirtualMachineId = null, Guid? CampaignId = null, bool LiveOnly = false, string? Kind = null);
