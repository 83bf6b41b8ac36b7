using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;
using Client = HostAgent.Contracts.Failback.V1.Failback.FailbackClient;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Calls as tests make them. Every wait ends with the deadline.</summary>
internal static class Calls
{
    public static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60);

    public static InitiateFailbackRequest Request(Guid operation, Guid machine) => new()
    {
        OperationId = operation.ToString(),
        VirtualMachineId = machine.ToString(),
    };

    /// <summary>Starts a failback and reads its stream to the end.</summary>
    public static async Task<StreamResult> InitiateAsync(this Client client, InitiateFailbackRequest request)
    {
        using var call = client.InitiateFailback(request, deadline: Deadline);
        return await ReadAsync(call.ResponseStream);
    }

    /// <summary>Watches a failback to its end.</summary>
    public static async Task<StreamResult> WatchAsync(this Client client, Guid operation, long afterSequence = 0, Action<FailbackProgress>? seen = null)
    {
        using var call = client.WatchFailback(new WatchFailbackRequest { OperationId = operation.ToString(), AfterSequence = afterSequence }, deadline: Deadline);
        return await ReadAsync(call.ResponseStream, seen);
    }

    /// <summary>Starts a step and reads its stream to the end.</summary>
    public static async Task<StreamResult> StartAsync(this Contracts.Failback.V1.Operations.OperationsClient client, StartOperationRequest request)
    {
        using var call = client.StartOperation(request, deadline: Deadline);
        return await ReadAsync(call.ResponseStream);
    }

    /// <summary>A step without a ticket.</summary>
    public static StartOperationRequest Step(OperationKind kind, Guid machine) => new() { OperationId = Guid.NewGuid().ToString(), VirtualMachineId = machine.ToString(), Kind = kind };

    /// <summary>A step with a ticket on facts that are read now.</summary>
    public static async Task<StartOperationRequest> TicketedAsync(this Contracts.Failback.V1.Operations.OperationsClient client, OperationKind kind, Guid machine, double validFor = 15)
    {
        var facts = await client.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = machine.ToString() }, deadline: Deadline);
        var request = Step(kind, machine);
        request.Ticket = new StartTicket
        {
            FactsId = facts.FactsId,
            ValidFor = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(validFor)),
            Peer = new PeerState { Host = "hv-east-01" },
        };
        return request;
    }

    /// <summary>Starts a failback and reads until a message fulfils a condition; the stream is then abandoned.</summary>
    public static async Task<FailbackProgress> InitiateUntilAsync(this Client client, InitiateFailbackRequest request, Func<FailbackProgress, bool> condition)
    {
        using var call = client.InitiateFailback(request, deadline: Deadline);
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            if (condition(progress))
            {
                return progress;
            }
        }

        throw new InvalidOperationException("The stream ended before the condition held.");
    }

    /// <summary>The failure that a call ends with.</summary>
    public static async Task<RpcFailure> FailureOfAsync(Func<Task> call)
        => RpcFailure.From(await Should.ThrowAsync<RpcException>(call));

    private static async Task<StreamResult> ReadAsync(IAsyncStreamReader<FailbackProgress> stream, Action<FailbackProgress>? seen = null)
    {
        var messages = new List<FailbackProgress>();
        try
        {
            await foreach (var progress in stream.ReadAllAsync())
            {
                messages.Add(progress);
                seen?.Invoke(progress);
            }

            return new StreamResult(messages, Failure: null);
        }
        catch (RpcException exception)
        {
            return new StreamResult(messages, RpcFailure.From(exception));
        }
    }
}

/// <summary>All that came through a stream.</summary>
internal sealed record StreamResult(IReadOnlyList<FailbackProgress> Messages, RpcFailure? Failure)
{
    public FailbackProgress Last => Messages[^1];

    /// <summary>The messages that the journal keeps.</summary>
    public IEnumerable<FailbackProgress> Recorded => Messages.Where(message => message.Kind != ProgressKind.Percent);
}
