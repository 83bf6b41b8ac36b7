using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Methods.Server;

/// <summary>
/// A method of the replication service that is about the host as a replica server. It is answered at once (assumed; a real host may start
/// a job of type 90), and on a node of a cluster not at all: there the broker is asked.
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
            ? ServerDecision.Refuse(ReturnCode.NotSupported, "the host is a node of a cluster, whose replica broker is to be asked")
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

/// <summary>What becomes of a call that is about the host as a replica server: a refusal, or what it is from now on.</summary>
/// <param name="Code">The return code; 0 when the call takes effect.</param>
/// <param name="Reason">What was seen, for the log; empty when the call takes effect.</param>
/// <param name="State">What the server is from now on; null for a refusal.</param>
internal sealed record ServerDecision(ReturnCode Code, string Reason, ReplicationServerState? State)
{
    /// <summary>The replicas whose replication ends with it.</summary>
    public IReadOnlyList<Guid> Stopped { get; init; } = [];

    public static ServerDecision Accept(ReplicationServerState state) => new(ReturnCode.Completed, string.Empty, state);

    public static ServerDecision Refuse(ReturnCode code, string reason) => new(code, reason, State: null);
}
