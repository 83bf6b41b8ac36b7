using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Store;
using HostAgent.Transport;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Relay;

namespace HostAgent.Coordinator.Runs;

/// <summary>An input of a campaign's run.</summary>
/// <param name="Input">The input for its machine; null when the run only needs to check its timer and its hosts.</param>
internal record RunMessage(CampaignInput? Input)
{
    /// <summary>Makes the run check its timer and its hosts.</summary>
    public static RunMessage Wake { get; } = new((CampaignInput?)null);
}

/// <summary>A report whose sender waits until it is durable.</summary>
/// <param name="Input">The report.</param>
internal sealed record RecordedMessage(CampaignInput Input) : RunMessage(Input)
{
    /// <summary>Completes when the outcome of the report is durable.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A question about the machine's state, which only the run may read.</summary>
/// <param name="Ask">What is read.</param>
internal sealed record QueryMessage(Action<CampaignState, DateTimeOffset> Ask) : RunMessage((CampaignInput?)null)
{
    /// <summary>Completes when it was answered.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A person's command.</summary>
/// <param name="Input">The command.</param>
/// <param name="Origin">Its origin.</param>
internal sealed record CommandMessage(CampaignInput Input, CommandOrigin Origin) : RunMessage(Input)
{
    /// <summary>The version that the campaign must still be at; 0 for any.</summary>
    public long ExpectedVersion { get; init; }

    /// <summary>The document that replaces the campaign's when the command takes effect; null for none.</summary>
    public StoredDocument? Document { get; init; }

    /// <summary>Its request id; null for none.</summary>
    public RequestIdentity? Request { get; init; }

    /// <summary>When done: the ids of the items retried by it, or by the command that it repeats.</summary>
    public IReadOnlyList<string> Retried { get; set; } = [];

    /// <summary>The span of the call that gave it; default when calls are not traced.</summary>
    public ActivityContext Cause { get; } = Activity.Current?.Context ?? default;

    /// <summary>Completes when the command has durably taken effect; fails when it was refused.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A command's origin, as recorded in the audit.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The resource name that it was called on.</param>
/// <param name="Request">The whole request.</param>
internal sealed record CommandOrigin(Caller Caller, string Method, string Target, IMessage Request)
{
    public static CommandOrigin Of(ServerCallContext context, string target, IMessage request)
        => new(Caller.Of(context), MethodOf(context), target, request);

    /// <summary>The method's name without its service.</summary>
    public static string MethodOf(ServerCallContext context) => context.Method[(context.Method.LastIndexOf('/') + 1)..];
}

/// <summary>A caller and its address.</summary>
/// <param name="Name">The name in the certificate, as used for a gate's approvers and in a campaign's history.</param>
/// <param name="Actor">The identity and certificate, as recorded in the audit: only what the handshake has proved, not the descriptive fields of the certificate.</param>
/// <param name="Source">The address of the connection; of a browser's, after the word console; of one that another coordinator has relayed, before that one's address.</param>
internal sealed record Caller(string Name, string Actor, string Source)
{
    public static Caller Of(ServerCallContext context)
    {
        var peer = context.GetPeer();
        return new Caller(peer.Name, peer.Actor, $"{(context.IsInProcess() ? "console " : string.Empty)}{context.Peer}{(context.RelayedBy() is { } relaying ? $" relayed by {relaying}" : string.Empty)}");
    }
}
