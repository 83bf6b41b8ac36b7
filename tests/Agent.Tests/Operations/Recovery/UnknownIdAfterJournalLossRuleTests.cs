using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Tests.Operations.Recovery;

/// <summary>The truth table of src/Agent/README.md: an id that a journal which lost operations does not know.</summary>
public sealed class UnknownIdAfterJournalLossRuleTests
{
    private static readonly JournalDamage Damage = new(Recorded.Now, "journal-damaged-1.db", "torn", OperationsMissing: true);
    private static readonly FailbackKind Kind = new("hv", null!, _ => throw new InvalidOperationException());

    [Theory]
    [InlineData(JobState.Running, JobType.InitiateFailback, ReplicationState.FailbackInProgress, false, "is running on it")]
    [InlineData(JobState.Running, JobType.InitiateFailback, ReplicationState.FailbackInProgress, true, "is running on it")]
    [InlineData(JobState.Running, JobType.InitiateFailback, ReplicationState.Recovered, true, "is running on it")]
    [InlineData(JobState.Exception, JobType.InitiateFailback, ReplicationState.Recovered, false, "has ended on it")]
    [InlineData(JobState.Exception, JobType.InitiateFailback, ReplicationState.Recovered, true, null)]
    [InlineData(JobState.Running, JobType.Backup, ReplicationState.Recovered, true, null)]
    [InlineData(null, null, ReplicationState.FailbackInProgress, true, "FailbackInProgress")]
    [InlineData(null, null, ReplicationState.FailbackComplete, true, "FailbackComplete")]
    [InlineData(null, null, ReplicationState.Recovered, false, "proves nothing")]
    [InlineData(null, null, ReplicationState.Recovered, true, null)]
    public void Host_refuses_where_it_shows_something_and_a_person_must_have_looked_where_it_does_not(
        JobState? job, JobType? type, ReplicationState state, bool accepted, string? refusal)
    {
        var request = new OperationRequest
        {
            OperationId = Stage.Id(1),
            Kind = Kind,
            VirtualMachineId = Stage.Id(2).ToString(),
            Request = default,
            RequestHash = default,
            RequestedBy = "CN=test",
            AcceptsJournalLoss = accepted,
        };
        IReadOnlyList<ConcreteJob> jobs = job is { } jobState
            ?
            [
                new ConcreteJob
                {
                    Path = CimObjectPath.ForKey("Msvm_ConcreteJob", "InstanceID", "J"), ClassName = "Msvm_ConcreteJob", InstanceId = "J", State = jobState, JobType = type,
                },
            ]
            : [];

        var judged = UnknownIdAfterJournalLossRule.Judge(Damage, request, new MachineShown(state), jobs);

        if (refusal is null)
        {
            judged.ShouldBeNull();
        }
        else
        {
            judged.ShouldNotBeNull().Failure.Message.ShouldContain(refusal);
        }
    }
}
