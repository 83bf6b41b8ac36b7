namespace HostAgent.Agent.Journal;

/// <summary>Which operations to list, newest first.</summary>
/// <param name="Limit">At most this many.</param>
/// <param name="BeforeOrdinal">Only operations accepted before this one; null for the newest.</param>
/// <param name="VirtualMachineId">Only of this machine; null for all.</param>
/// <param name="CampaignId">Only of this campaign; null for all.</param>
/// <param name="LiveOnly">Only operations that are not terminal.</param>
internal sealed record OperationQuery(
    int Limit, long? BeforeOrdinal = null, string? VirtualMachineId = null, Guid? CampaignId = null, bool LiveOnly = false);
