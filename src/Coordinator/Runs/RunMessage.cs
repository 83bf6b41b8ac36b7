using HostAgent.Campaigns.Messages;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>Something that a campaign's run has to deal with.</summary>
/// <param name="Input">The input for its machine; null when the run is only to look at its timer and its hosts.</param>
internal record RunMessage(CampaignInput? Input)
{
    /// <summary>Makes the run look at its timer and its hosts.</summary>
    public static RunMessage Nudge { get; } = new((CampaignInput?)null);
}

/// <summary>A report whose sender waits until it is durable.</summary>
/// <param name="Input">The report.</param>
internal sealed record RecordedMessage(CampaignInput Input) : RunMessage(Input)
{
    /// <summary>Completes when what came of the report is durable.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A person's command.</summary>
/// <param name="Input">The command.</param>
/// <param name="Origin">Where it comes from.</param>
internal sealed record CommandMessage(CampaignInput Input, CommandOrigin Origin) : RunMessage(Input)
{
    /// <summary>The version that the campaign must still be at; 0 for any.</summary>
    public long ExpectedVersion { get; init; }

    /// <summary>The document that replaces the campaign's when the command takes effect; null for none.</summary>
    public StoredDocument? Document { get; init; }

    /// <summary>The request id that it came with; null for none.</summary>
    public RequestIdentity? Request { get; init; }

    /// <summary>Once it is done: the ids of the items that were retried by it, or by the command that it repeats.</summary>
    public IReadOnlyList<string> Retried { get; set; } = [];

    /// <summary>Completes when the command has durably taken effect; fails when it was refused.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
