using Google.Protobuf;
using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Coordinator.Store;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>Something that a campaign's run has to deal with.</summary>
/// <param name="Input">The input for its machine; null when the run is only to look at its timer and its hosts.</param>
internal record RunMessage(CampaignInput? Input)
{
    /// <summary>Makes the run look at its timer and its hosts.</summary>
    public static RunMessage Wake { get; } = new((CampaignInput?)null);
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

/// <summary>Where a command comes from, as the audit records it.</summary>
/// <param name="Caller">Who, and from where.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The resource name that it was called on.</param>
/// <param name="Request">The whole request.</param>
internal sealed record CommandOrigin(Caller Caller, string Method, string Target, IMessage Request)
{
    public static CommandOrigin Of(ServerCallContext context, string target, IMessage request)
        => new(Caller.Of(context), context.Method[(context.Method.LastIndexOf('/') + 1)..], target, request);
}

/// <summary>Who asks for something, and from where.</summary>
/// <param name="Name">The name in the certificate: what a gate's approvers are called, and what a campaign's history says.</param>
/// <param name="Actor">Who, by which certificate, as the audit has it: what the handshake has proved, and nothing that only stands in the certificate for people to read.</param>
/// <param name="Source">The address of the connection.</param>
internal sealed record Caller(string Name, string Actor, string Source)
{
    public static Caller Of(ServerCallContext context)
    {
        var peer = context.GetPeer();
        return new Caller(peer.Name, peer.Actor, context.Peer);
    }
}
