using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>
/// Acceptance held one gate for the operation's id and then one for the machine's, both in one set of keys: a caller that used the
/// machine's GUID as operation id waited for itself for ever.
/// </summary>
public sealed class SameIdForOperationAndMachineTests
{
    [Fact]
    public async Task Operation_whose_id_is_that_of_its_machine_is_accepted()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        (await agent.Operator.InitiateAsync(Calls.Request(Stage.Id(1), Stage.Id(1)))).Last.State.ShouldBe(OperationState.Succeeded);
    }
}
