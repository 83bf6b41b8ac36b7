using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Kinds.Steps;

/// <summary>Which machines the test failovers in the journal have made: a machine that was made by somebody else is not this agent's to remove.</summary>
/// <param name="journal">The journal; opened before anything is asked.</param>
internal sealed class TestMachineRecords(OperationJournal journal)
{
    /// <summary>Whether a test failover of one machine made another one.</summary>
    public async Task<bool> IsMadeOfAsync(VirtualMachineId replica, VirtualMachineId test, CancellationToken cancellationToken)
        => (await journal.ListAsync(new OperationQuery(int.MaxValue, VirtualMachineId: replica.ToString(), Kind: "test-failover"), cancellationToken))
            .Any(operation => string.Equals(operation.Last.TestMachine, test.ToString(), StringComparison.OrdinalIgnoreCase));
}
