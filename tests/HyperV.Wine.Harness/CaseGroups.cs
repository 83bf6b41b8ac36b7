using HostAgent.HyperV.Wine.Harness.Cases;
using HostAgent.HyperV.Wine.Harness.Running;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Wine.Harness;

/// <summary>Everything that the program can be told to run.</summary>
public static class CaseGroups
{
    /// <summary>The sessions' contract over the simulated host's own session.</summary>
    public static CaseGroup ContractOverSimulation { get; } = new("contract-simulation", typeof(ContractOverSimulation));

    /// <summary>The sessions' contract over the adapter and System.Management, with the same host served as a namespace.</summary>
    public static CaseGroup ContractOverWmi { get; } = new("contract-wmi", typeof(ContractOverWmi));

    /// <summary>The sessions' contract over the adapter to the Management Infrastructure, with the same host served as a namespace.</summary>
    public static CaseGroup ContractOverMi { get; } = new("contract-mi", typeof(ContractOverWmi), WmiLibrary.ManagementInfrastructure);

    /// <summary>What the domain asks of a host, over the adapter.</summary>
    public static CaseGroup Domain { get; } = new("domain", typeof(DomainCases));

    /// <summary>The calls that move a machine between two hosts.</summary>
    public static CaseGroup Failover { get; } = new("failover", typeof(FailoverCases));

    /// <summary>The same calls, and the guest's shutdown, over the Management Infrastructure.</summary>
    public static CaseGroup FailoverOverMi { get; } = new("failover-mi", typeof(FailoverAndGuestCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>The namespaces beside Hyper-V's.</summary>
    public static CaseGroup Neighbours { get; } = new("neighbours", typeof(NeighbourCases));

    /// <summary>Every HRESULT that the adapter must survive.</summary>
    public static CaseGroup Failures { get; } = new("failures", typeof(FailureCases));

    /// <summary>What only the adapter over System.Management has to do: release objects, keep the place of a call that hangs.</summary>
    public static CaseGroup SystemManagement { get; } = new("system-management", typeof(SystemManagementCases));

    /// <summary>Dying connections, hanging calls, leaving callers.</summary>
    public static CaseGroup Connections { get; } = new("connections", typeof(ConnectionCases));

    /// <summary>The agent's machinery, from the order to the outcome.</summary>
    public static CaseGroup Agent { get; } = new("agent", typeof(AgentCases));

    /// <summary>The domain, over the Management Infrastructure.</summary>
    public static CaseGroup DomainOverMi { get; } = new("domain-mi", typeof(DomainCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>The neighbour namespaces, over the Management Infrastructure.</summary>
    public static CaseGroup NeighboursOverMi { get; } = new("neighbours-mi", typeof(NeighbourCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>The HRESULTs, over the Management Infrastructure.</summary>
    public static CaseGroup FailuresOverMi { get; } = new("failures-mi", typeof(FailureCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>Connections, hanging calls and leaving callers, over the Management Infrastructure.</summary>
    public static CaseGroup ConnectionsOverMi { get; } = new("connections-mi", typeof(ConnectionCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>The agent's machinery, over the Management Infrastructure.</summary>
    public static CaseGroup AgentOverMi { get; } = new("agent-mi", typeof(AgentCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>What only the adapter to the Management Infrastructure has to do: operations, sessions, memory.</summary>
    public static CaseGroup Mi { get; } = new("mi", typeof(MiCases), WmiLibrary.ManagementInfrastructure);

    /// <summary>The adapter on the namespace that Wine itself has.</summary>
    public static CaseGroup WineNamespace { get; } = new("wine-namespace", typeof(WineNamespaceCases));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CaseGroup> All { get; } =
    [
        ContractOverSimulation, ContractOverWmi, ContractOverMi, Domain, DomainOverMi, Failover, FailoverOverMi, Neighbours, NeighboursOverMi, Failures, FailuresOverMi, Connections, ConnectionsOverMi, SystemManagement,
        Mi, Agent, AgentOverMi, WineNamespace,
    ];
}
