using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using DomainJobState = HostAgent.HyperV.Jobs.JobState;
using DomainReplicationState = HostAgent.HyperV.Replication.ReplicationState;
using DomainReturnCode = HostAgent.HyperV.Failback.ReturnCode;
using DomainState = HostAgent.Agent.Operations.Model.OperationState;

namespace HostAgent.Agent.Tests.Wire;

/// <summary>The contract's enums have the same names as the host's and the machinery's, so a table that slips by one is found by name.</summary>
public sealed class NumbersTests
{
    [Fact]
    public void Every_return_code_of_the_host_has_its_name_in_the_contract()
    {
        foreach (var code in Enum.GetValues<DomainReturnCode>())
        {
            OperationMessages.ReturnCodeOf((uint)code).ToString().ShouldBe(code.ToString());
        }

        OperationMessages.ReturnCodeOf(null).ShouldBe(ReturnCode.Unspecified);
        OperationMessages.ReturnCodeOf(1).ShouldBe(ReturnCode.Unknown);
        OperationMessages.ReturnCodeOf(32780).ShouldBe(ReturnCode.Unknown);
    }

    [Fact]
    public void Every_job_state_of_the_host_has_its_name_in_the_contract()
    {
        foreach (var state in Enum.GetValues<DomainJobState>())
        {
            OperationMessages.JobStateOf((uint)state, gone: false).ToString().ShouldBe(state.ToString());
        }

        OperationMessages.JobStateOf(null, gone: false).ShouldBe(JobState.Unspecified);
        OperationMessages.JobStateOf(40000, gone: false).ShouldBe(JobState.Unknown);
        OperationMessages.JobStateOf(4, gone: true).ShouldBe(JobState.Gone);
    }

    [Fact]
    public void Every_replication_state_of_the_host_has_its_name_in_the_contract()
    {
        foreach (var state in Enum.GetValues<DomainReplicationState>())
        {
            MachineMessages.StateOf((int)state).ToString().ShouldBe(state.ToString());
        }

        MachineMessages.StateOf(null).ShouldBe(ReplicationState.Unspecified);
        MachineMessages.StateOf(4711).ShouldBe(ReplicationState.Unspecified);
    }

    [Fact]
    public void The_machinerys_enums_equal_those_of_the_contract()
    {
        Same<DomainState, OperationState>();
        Same<Agent.Operations.Model.OperationEventKind, ProgressKind>();
        Same<Agent.Operations.Model.OutcomeBasis, OutcomeBasis>();
        Enum.GetNames<HyperV.Failback.RetryClass>().Append(nameof(RetryClass.Unspecified)).ShouldBe(Enum.GetNames<RetryClass>(), ignoreOrder: true);

        static void Same<TOurs, TContract>()
            where TOurs : struct, Enum
            where TContract : struct, Enum
        {
            foreach (var value in Enum.GetValues<TOurs>())
            {
                ((TContract)Enum.ToObject(typeof(TContract), Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture))).ToString().ShouldBe(value.ToString());
            }
        }
    }
}
