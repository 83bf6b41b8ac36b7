using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Inventory;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;
using AgentHost = HostAgent.Contracts.Failback.V1.Host;

namespace HostAgent.Coordinator.Agents;

/// <summary>One host: its single channel, shared by all calls and streams, and its last known status.</summary>
internal sealed partial class AgentConnection : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;
    private readonly ILogger<AgentConnection> _logger;
    private readonly Lock _lock = new();
    private AgentStatus _status = AgentStatus.Untried;

    /// <summary>Raised when the host becomes unreachable or reachable. Handlers must not block.</summary>
    public event EventHandler? ReachabilityChanged;

    /// <summary>Creates the channel; nothing is sent before the first call.</summary>
    public AgentConnection(InventoryHost host, MutualTlsIdentity identity, TimeProvider time, ILogger<AgentConnection> logger)
    {
        Host = host;
        _time = time;
        _logger = logger;
        _channel = MutualTlsChannel.Create(host.Address, identity, PeerRole.Agent, host.Name);
        Agent = new Failback.FailbackClient(_channel);
        Operations = new Operations.OperationsClient(_channel);
    }

    /// <summary>The host in the inventory.</summary>
    public InventoryHost Host { get; }

    /// <summary>The agent's client. Every call needs its own deadline.</summary>
    public Failback.FailbackClient Agent { get; }

    /// <summary>The client of the agent's single steps. Every call needs its own deadline.</summary>
    public Operations.OperationsClient Operations { get; }

    public AgentStatus Status => Volatile.Read(ref _status);

    /// <summary>Records that the host has answered.</summary>
    public void MarkReachable(AgentHost? agent = null)
    {
        bool changed;
        lock (_lock)
        {
            changed = _status.Reachability != Contracts.Campaigns.V1.Reachability.Reachable;
            _status = _status.Reached(agent, _time.GetUtcNow());
        }

        if (changed)
        {
            LogReachable(Host.Name, Host.Address);
            ReachabilityChanged?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>Records a failed call to the host. An agent that answers with an error is reachable.</summary>
    /// <returns>True when the agent did not answer.</returns>
    public bool NoteFailure(RpcFailure failure)
    {
        if (!IsUnreachable(failure))
        {
            MarkReachable();
            return false;
        }

        MarkUnreachable(failure);
        return true;
    }

    /// <summary>Records that the host is currently unusable.</summary>
    public void MarkUnreachable(RpcFailure failure)
    {
        bool changed;
        lock (_lock)
        {
            changed = _status.Reachability != Contracts.Campaigns.V1.Reachability.Unreachable;
            _status = _status.Missed(failure.Message, _time.GetUtcNow());
        }

        if (changed)
        {
            LogUnreachable(Host.Name, Host.Address, failure.Reason, failure.Message);
            ReachabilityChanged?.Invoke(this, EventArgs.Empty);
        }
    }

    public void Dispose() => _channel.Dispose();

    // An agent's own errors carry its domain. Any other error with these codes means that no agent answered.
    private static bool IsUnreachable(RpcFailure failure)
        => failure.Domain == RpcFailure.ConnectionDomain
        || (failure.Domain.Length == 0
            && failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown);
}
