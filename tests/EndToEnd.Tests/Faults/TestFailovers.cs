using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>What a host knows of the test failovers of a drill. A drill shows one whose call was cut off on its way as a step too, and makes another: that one is nothing to its host.</summary>
internal static class TestFailovers
{
    /// <summary>How many of them the host was ever asked for, by its agent's journal.</summary>
    public static async Task<int> CountAsync(Cluster cluster, Drill drill, CancellationToken cancellationToken)
    {
        var request = new ListOperationsRequest { VirtualMachineId = drill.VirtualMachineId, PageSize = 1000 };
        var known = (await cluster.AgentOperations(drill.Host).ListOperationsAsync(request, cancellationToken: cancellationToken)).Operations.Select(operation => operation.OperationId).ToHashSet();
        return drill.Steps.Count(step => step.Kind == "TEST_FAILOVER" && known.Contains(step.OperationId));
    }
}
