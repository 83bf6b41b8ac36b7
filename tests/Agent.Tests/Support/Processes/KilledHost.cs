using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using HostAgent.Agent.Operations;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation;
using HostAgent.Transport;
using Client = HostAgent.Contracts.Failback.V1.Failback.FailbackClient;

namespace HostAgent.Agent.Tests.Support.Processes;

/// <summary>One host, its operations, and the clients that follow them through the lives of its agent.</summary>
internal sealed class KilledHost(string name, OperationCheckpoint killAt, string stateFile)
{
    private readonly List<ToldOperation> _operations = [];
    private readonly ConcurrentQueue<string> _contradictions = new();
    private readonly Lock _gate = new();
    private int _told;

    public string Name => name;

    public OperationCheckpoint KillAt => killAt;

    public string StateFile => stateFile;

    public IReadOnlyList<ToldOperation> Operations => _operations;

    public IReadOnlyCollection<string> Contradictions => _contradictions;

    public int Told => _told;

    /// <summary>The agent has refused an operation because its journal did not take it.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>The longest that an operation left behind waited, from the kill, until it was told of again.</summary>
    public TimeSpan WorstRecovery { get; private set; }

    public void Add(Guid operation, Guid machine) => _operations.Add(new ToldOperation(operation, machine));

    /// <summary>Follows every operation that is not over until its stream ends, by calling again or by watching.</summary>
    public Task FollowAsync(Client client, Random random, long bornAt)
        => Task.WhenAll(_operations.Where(operation => !operation.IsOver).Select(operation => FollowAsync(client, operation, operation.Sequence == 0 || random.Next(2) == 0, bornAt)).ToList());

    /// <summary>Starts the newest operation, and waits until it was accepted or refused.</summary>
    /// <returns>Its stream.</returns>
    public async Task<Task> StartNewestAsync(Client client)
    {
        var newest = _operations[^1];
        var following = FollowAsync(client, newest, initiate: true, bornAt: 0);
        await Task.WhenAny(following, newest.Accepted);
        return following;
    }

    /// <summary>Reads every operation again from its beginning: what was told once must be told again.</summary>
    public Task ReadAllAsync(Client client) => Task.WhenAll(_operations.Select(operation => ReadAsync(
        client.WatchFailback(new WatchFailbackRequest { OperationId = operation.Id.ToString() }, deadline: Calls.Deadline), operation, bornAt: null)));

    /// <summary>How many initiations more than one the host has counted for its machines.</summary>
    public int Doubled()
    {
        var initiations = SimulatedHost.ReadInitiations(stateFile);
        return _operations.Sum(operation => Math.Max(0, initiations.For(operation.Machine) - 1));
    }

    /// <summary>How many operations lack an event or an ending.</summary>
    public int Lost() => _operations.Count(operation => !operation.IsComplete);

    private async Task FollowAsync(Client client, ToldOperation operation, bool initiate, long bornAt)
    {
        using var call = initiate
            ? client.InitiateFailback(Calls.Request(operation.Id, operation.Machine), deadline: Calls.Deadline)
            : client.WatchFailback(new WatchFailbackRequest { OperationId = operation.Id.ToString(), AfterSequence = operation.Sequence }, deadline: Calls.Deadline);
        try
        {
            await ReadAsync(call, operation, operation.Sequence == 0 ? null : bornAt);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
        {
            // The agent died, or could not take it. It is asked again.
            HasRefused |= RpcFailure.From(exception).Reason == "JOURNAL_UNWRITABLE";
        }
    }

    private async Task ReadAsync(AsyncServerStreamingCall<FailbackProgress> call, ToldOperation operation, long? bornAt)
    {
        var known = operation.Sequence;
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            lock (_gate)
            {
                _told++;
                if (operation.Take(message) is { } contradiction)
                {
                    _contradictions.Enqueue(contradiction);
                }

                if (bornAt is { } born && message.Sequence > known && Stopwatch.GetElapsedTime(born) is var took)
                {
                    WorstRecovery = took > WorstRecovery ? took : WorstRecovery;
                    bornAt = null;
                }
            }
        }
    }
}
