using HostAgent.HyperV.Wine.Harness.Cases;
using HostAgent.HyperV.Wine.Harness.Running;

namespace HostAgent.HyperV.Wine.Harness;

/// <summary>Everything that the program can be told to run.</summary>
public static class CaseGroups
{
    /// <summary>The sessions' contract over the simulated host's own session.</summary>
    public static CaseGroup ContractOverSimulation { get; } = new("contract-simulation", typeof(ContractOverSimulation));

    /// <summary>The sessions' contract over the adapter and System.Management, with the same host served as a namespace.</summary>
    public static CaseGroup ContractOverWmi { get; } = new("contract-wmi", typeof(ContractOverWmi));

    /// <summary>What the domain asks of a host, over the adapter.</summary>
    public static CaseGroup Domain { get; } = new("domain", typeof(DomainCases));

    /// <summary>The namespaces beside Hyper-V's.</summary>
    public static CaseGroup Neighbours { get; } = new("neighbours", typeof(NeighbourCases));

    /// <summary>Every HRESULT that the adapter must survive.</summary>
    public static CaseGroup Failures { get; } = new("failures", typeof(FailureCases));

    /// <summary>What the adapter holds of the host's objects between calls.</summary>
    public static CaseGroup Release { get; } = new("release", typeof(ReleaseCases));

    /// <summary>Dying connections, hanging calls, leaving callers.</summary>
    public static CaseGroup Connections { get; } = new("connections", typeof(ConnectionCases));

    /// <summary>The agent's machinery, from the order to the outcome.</summary>
    public static CaseGroup Agent { get; } = new("agent", typeof(AgentCases));

    /// <summary>The adapter on the namespace that Wine itself has.</summary>
    public static CaseGroup WineNamespace { get; } = new("wine-namespace", typeof(WineNamespaceCases));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CaseGroup> All { get; } = [ContractOverSimulation, ContractOverWmi, Domain, Neighbours, Failures, Release, Connections, Agent, WineNamespace];
}
