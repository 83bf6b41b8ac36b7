using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Methods.Server;

/// <summary>
/// A replication service method about the host as a replica server. Answered synchronously (assumed; a real host may start a job of
/// type 90); not supported on a cluster node, where the broker handles it.
/// </summary>
internal sealed partial class ServerMethod(
    string name, Func<HostWorld, IReadOnlyDictionary<string, object?>, ServerDecision> judge, ILogger logger) : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find(name)!;

    public static IEnumerable<ISimulatedMethod> All(ILogger logger)
    => [
        new ServerMethod("ModifyServiceSettings", ServiceSettingsRules.Modify, logger), new ServerMethod("AddAuthorizationEntry", AuthorizationRules.Add, logger),
        new ServerMethod("ModifyAuthorizationEntry", AuthorizationRules.Modify, logger),
        new ServerMethod("RemoveAuthorizationEntry", AuthorizationRules.Remove, logger),
    ];

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var decision = world.Description.Cluster is not null
            ? ServerDecision.Refuse(ReturnCode.NotSupported, "the host is a cluster node; the call must be made on the cluster's replica broker")
            : judge(world, inputs);
        if (decision.State is { } state)
        {
            commit(new ReplicationServerChanged(world.NowTime, state, decision.Stopped));
            LogChanged(world.Description.Name, Declaration.Name, decision.Stopped.Count);
        }
        else
        {
            commit(new CallRefused(world.NowTime, VirtualMachineId: null, decision.Code, $"{Declaration.Name}: {decision.Reason}", []));
            LogRefused(world.Description.Name, Declaration.Name, (uint)decision.Code, decision.Reason);
        }

        return MethodResults.With((uint)decision.Code, "Job", null);
    }

    [LoggerMessage(3113, LogLevel.Information, "Simulated host {Host} accepted {Method}; replicas stopped: {Stopped}")]
    private partial void LogChanged(string host, string method, int stopped);

    [LoggerMessage(3114, LogLevel.Information, "Simulated host {Host} refused {Method} with {Code}: {Reason}")]
    private partial void LogRefused(string host, string method, uint code, string reason);
}

/// <summary>The outcome of a call about the host as a replica server: a refusal, or its new state.</summary>
/// <param name="Code">The return code; 0 when the call takes effect.</param>
/// <param name="Reason">The observed value, for the log; empty when the call takes effect.</param>
/// <param name="State">The new state of the server; null for a refusal.</param>
internal sealed record ServerDecision(ReturnCode Code, string Reason, ReplicationServerState? State)
{
    /// <summary>The replicas whose replication stops because of it.</summary>
    public IReadOnlyList<Guid> Stopped { get; init; } = [];

    public static ServerDecision Accept(ReplicationServerState state) => new(ReturnCode.Completed, string.Empty, state);

    public static ServerDecision Refuse(ReturnCode code, string reason) => new(code, reason, State: null);
}
