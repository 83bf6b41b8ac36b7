using Grpc.Core;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 17: the journal is damaged or gone while failbacks run. The host decides, or a person; nothing is started twice.</summary>
public sealed class DamagedJournalTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Operation_that_was_lost_is_refused_while_its_job_is_at_work_and_the_job_is_named()
    {
        await using var agent = await StartAsync();
        var running = await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Job is { Path: not "" });
        await agent.StopAsync();
        File.Delete(Path.Combine(agent.DataDirectory, "journal.db"));

        await agent.StartAsync();
        var request = Calls.Request(_operation, Stage.Id(1));
        var refused = Expect((await agent.Operator.InitiateAsync(request)).Failure);
        request.IgnoredChecks.Add(UnknownIdAfterJournalLossRule.AcceptedCheck);
        var insisted = Expect((await agent.Operator.InitiateAsync(request)).Failure);

        running.Job.Path.ShouldContain(refused.Metadata["job_id"]);
        refused.Message.ShouldContain(refused.Metadata["job_id"]);
        insisted.Metadata["job_id"].ShouldBe(refused.Metadata["job_id"]);
        agent.Initiations.ShouldBe(1);
        var damage = (await agent.Operator.GetHostAsync(new GetHostRequest())).JournalDamage;
        damage.OperationsMissing.ShouldBeTrue();
        damage.Explanation.ShouldContain("missing");
        damage.SetAside.ShouldBe(refused.Metadata["set_aside"]);
    }

    [Fact]
    public async Task Unknown_id_after_a_loss_is_refused_until_somebody_has_looked()
    {
        await using var agent = await StartAsync();
        await agent.StopAsync();
        File.Delete(Path.Combine(agent.DataDirectory, "journal.db"));

        await agent.StartAsync();
        var request = Calls.Request(_operation, Stage.Id(2));
        var refused = Expect((await agent.Operator.InitiateAsync(request)).Failure);
        await agent.RestartAsync();
        Expect((await agent.Operator.InitiateAsync(request)).Failure);
        request.IgnoredChecks.Add(UnknownIdAfterJournalLossRule.AcceptedCheck);
        var accepted = await agent.Operator.InitiateAsync(request);

        refused.PreconditionViolations.ShouldHaveSingleItem().Type.ShouldBe("JOURNAL_LOST");
        refused.RetryDelay.ShouldBeNull();
        accepted.Last.State.ShouldBe(OperationState.Succeeded);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Operation_whose_call_was_lost_with_the_end_of_the_journal_adopts_its_job()
    {
        await using var agent = await StartAsync();
        await LoseEndAsync(agent, machine: 1, goOn: true);

        var joined = await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Job is { Path: not "" });

        joined.Kind.ShouldBe(ProgressKind.Reattached);
        joined.State.ShouldBe(OperationState.Running);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Operation_whose_call_was_lost_and_whose_job_has_been_removed_has_an_unknown_outcome()
    {
        await using var agent = await StartAsync();
        await LoseEndAsync(agent, machine: 3, goOn: true);

        var joined = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(3)));

        joined.Last.State.ShouldBe(OperationState.UnknownOutcome);
        agent.Host.Initiations.For(Stage.Id(3)).ShouldBe(1);
    }

    [Fact]
    public async Task Operation_that_was_queued_when_the_journal_lost_its_end_starts_once_the_host_shows_that_it_had_not()
    {
        await using var agent = await StartAsync();
        await LoseEndAsync(agent, machine: 2, goOn: false);

        var joined = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(2)));

        joined.Last.State.ShouldBe(OperationState.Succeeded);
        joined.Messages.ShouldContain(message => message.Explanation.Contains("the operation stays queued"));
        agent.Host.Initiations.For(Stage.Id(2)).ShouldBe(1);
    }

    [Fact]
    public async Task Operation_in_doubt_cannot_be_taken_out_of_the_queue_as_if_nothing_had_been_asked()
    {
        await using var agent = await StartAsync(settling: TimeSpan.FromMinutes(1));
        await LoseEndAsync(agent, machine: 2, goOn: false);

        var refused = await Calls.FailureOfAsync(async () => await agent.Operator.CancelFailbackAsync(
            new CancelFailbackRequest { OperationId = _operation.ToString(), ConfirmPossibleDataLoss = true }));

        refused.Reason.ShouldBe("NOT_CANCELLABLE");
        refused.RetryDelay.ShouldNotBeNull();
    }

    [Fact]
    public async Task Epoch_fence_survives_a_damaged_page()
    {
        await using var agent = await StartAsync();
        (await agent.Coordinator.InitiateAsync(WithEpoch(_operation, 7))).Last.State.ShouldBe(OperationState.Succeeded);
        await agent.StopAsync();
        var path = Path.Combine(agent.DataDirectory, "journal.mark");
        await File.WriteAllBytesAsync(path, new byte[128]);

        await agent.StartAsync();

        (await agent.Operator.GetHostAsync(new GetHostRequest())).JournalDamage.ShouldNotBeNull();
        (await agent.Coordinator.InitiateAsync(WithEpoch(_operation, 7))).Last.State.ShouldBe(OperationState.Succeeded);
        (await agent.Coordinator.InitiateAsync(WithEpoch(_operation, 6))).Failure.ShouldNotBeNull().Reason.ShouldBe("STALE_EPOCH");
        agent.Initiations.ShouldBe(1);

        static InitiateFailbackRequest WithEpoch(Guid operation, long epoch)
        {
            var request = Calls.Request(operation, Stage.Id(2));
            request.Campaign = new CampaignContext { CampaignId = Stage.Id(500).ToString(), ItemId = "item", Attempt = 1, Epoch = epoch };
            return request;
        }
    }

    // Machine 1 has a job that stands still, machine 2 a good one, the job of machine 3 vanishes and leaves the machine as it was.
    private static Task<AgentUnderTest> StartAsync(TimeSpan? settling = null) => AgentUnderTest.StartAsync(
        Stage.Host(
            Stage.Machine(1, new PercentStuckFault()),
            Stage.Machine(2),
            Stage.Machine(3, new JobVanishesFault { State = HyperV.Replication.ReplicationState.Recovered }),
            Stage.Machine(4)),
        agent =>
        {
            var timing = agent.Timing;
            agent.Timing = real => timing(real) with
            {
                CallSettlingTime = settling ?? TimeSpan.FromMilliseconds(50),
                // A job that is not listed is taken to have been removed on machine 3 alone: the others are looked at soon enough.
                JobRetention = TimeSpan.FromSeconds(12),
            };
        });

    // Accepts an operation, keeps a copy of the journal of that moment, lets the agent go on, and puts the copy back.
    private async Task LoseEndAsync(AgentUnderTest agent, int machine, bool goOn)
    {
        using var copy = new TemporaryDirectory();
        var gate = new Gate(OperationCheckpoint.BeforeIntent, Stage.Id(machine));
        await agent.StopAsync();
        agent.Checkpoint = gate.HoldAsync;
        await agent.StartAsync();
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(machine)), message => message.Kind == ProgressKind.Accepted);
        await gate.Reached;
        Copy(agent.DataDirectory, copy.Path);
        if (goOn)
        {
            gate.Open();
            await agent.Operator.InitiateUntilAsync(
                Calls.Request(_operation, Stage.Id(machine)), message => machine == 3 ? message.State == OperationState.UnknownOutcome : message.State == OperationState.Running);
        }
        else
        {
            await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(4)));
        }

        await agent.StopAsync();
        agent.Checkpoint = null;
        foreach (var file in Directory.GetFiles(agent.DataDirectory, "journal.db*"))
        {
            File.Delete(file);
        }

        Copy(copy.Path, agent.DataDirectory);
        if (machine == 3)
        {
            // As if the agent had been down for longer than the host keeps finished jobs.
            var timing = agent.Timing;
            agent.Timing = real => timing(real) with { JobRetention = TimeSpan.Zero, CallSettlingTime = TimeSpan.Zero };
        }

        await agent.StartAsync();
    }

    private static void Copy(string from, string to)
    {
        foreach (var name in new[] { "journal.db", "journal.db-wal" }.Where(name => File.Exists(Path.Combine(from, name))))
        {
            File.Copy(Path.Combine(from, name), Path.Combine(to, name));
        }
    }

    private static Transport.RpcFailure Expect(Transport.RpcFailure? failure)
    {
        failure.ShouldNotBeNull();
        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.FailedPrecondition, "JOURNAL_LOST"), failure.Message);
        return failure;
    }
}
