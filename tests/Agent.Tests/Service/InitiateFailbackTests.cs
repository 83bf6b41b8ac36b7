using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;
using ReplicationState = HostAgent.Contracts.Failback.V1.ReplicationState;
using RetryClass = HostAgent.Contracts.Failback.V1.RetryClass;

namespace HostAgent.Agent.Tests.Service;

public sealed class InitiateFailbackTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Failback_of_a_ready_machine_streams_its_whole_life_and_succeeds()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Failure.ShouldBeNull();
        var recorded = result.Recorded.ToList();
        recorded.Select(message => message.Sequence).ShouldBe(Enumerable.Range(1, recorded.Count).Select(i => (long)i));
        recorded.Select(message => message.Kind).Take(3).ShouldBe([ProgressKind.Accepted, ProgressKind.Starting, ProgressKind.Started]);
        result.Messages.ShouldAllBe(message => message.OperationId == _operation.ToString());
        result.Last.Kind.ShouldBe(ProgressKind.Concluded);
        result.Last.State.ShouldBe(OperationState.Succeeded);
        result.Last.Outcome.Basis.ShouldBe(OutcomeBasis.Job);
        result.Last.Outcome.Failure.ShouldBeNull();
        result.Last.ReplicationState.ShouldBe(ReplicationState.FailbackComplete);
        result.Last.PercentComplete.ShouldBe(100);
        result.Last.Job.JobType.ShouldBe(124u);
        result.Messages.Count(message => message.Outcome is not null).ShouldBe(1);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Same_id_and_equal_request_joins_live_and_finished_operations_and_starts_nothing()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = Calls.Request(_operation, Stage.Id(1));
        // The same values in another spelling.
        var same = new InitiateFailbackRequest { OperationId = _operation.ToString().ToUpperInvariant(), VirtualMachineId = Stage.Id(1).ToString().ToUpperInvariant() };

        var results = await Task.WhenAll(agent.Operator.InitiateAsync(request), agent.Operator.InitiateAsync(same), agent.Operator.InitiateAsync(request));
        var late = await agent.Operator.InitiateAsync(same);

        foreach (var result in results)
        {
            result.Failure.ShouldBeNull();
            result.Recorded.ShouldBe(late.Recorded);
        }

        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Same_id_with_another_request_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1), Stage.Machine(2)));
        await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(2)));

        Expect(result.Failure, StatusCode.AlreadyExists, "OPERATION_ID_REUSED").Metadata["virtual_machine_id"].ShouldBe(Stage.Id(1).ToString().ToUpperInvariant());
        result.Messages.ShouldBeEmpty();
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Second_operation_on_a_machine_is_refused_and_names_the_live_one()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault())));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.State == OperationState.Running);

        var result = await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)));

        Expect(result.Failure, StatusCode.FailedPrecondition, "OPERATION_IN_PROGRESS").Metadata["operation_id"].ShouldBe(_operation.ToString());
    }

    [Fact]
    public async Task Two_operations_on_a_machine_at_the_same_moment_start_one_failback()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault())));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await agent.Operator.InitiateUntilAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)), message => message.State == OperationState.Running);
                return "RUNNING";
            }
            catch (RpcException exception)
            {
                return RpcFailure.From(exception).Reason;
            }
        }));

        outcomes.Count(outcome => outcome == "RUNNING").ShouldBe(1);
        outcomes.Count(outcome => outcome == "OPERATION_IN_PROGRESS").ShouldBe(7);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Malformed_request_is_refused_with_every_error_at_once()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = new InitiateFailbackRequest
        {
            OperationId = "not-a-uuid",
            VirtualMachineId = "",
            Overrides = new ReplicationSettings { RecoveryHistory = 99, RecoveryConnectionPoint = "10.0.0.1" },
            RecoveryPoint = new RecoveryPointSelector { Latest = false },
            Campaign = new CampaignContext { CampaignId = "x", Attempt = 0, Epoch = -1 },
            IgnoredChecks = { "lower case" },
        };

        var result = await agent.Coordinator.InitiateAsync(request);

        Expect(result.Failure, StatusCode.InvalidArgument, "INVALID_REQUEST").FieldViolations.Select(violation => violation.Field).ShouldBe(
            [
                "operation_id", "virtual_machine_id", "overrides.recovery_history", "overrides.recovery_connection_point", "recovery_point.latest",
                "campaign.campaign_id", "campaign.item_id", "campaign.attempt", "campaign.epoch", "ignored_checks[0]",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Settings_text_that_is_no_instance_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = Calls.Request(_operation, Stage.Id(1));
        request.ReplicationSettingData = "<INSTANCE CLASSNAME=\"Msvm_Other\"></INSTANCE>";

        var result = await agent.Operator.InitiateAsync(request);

        Expect(result.Failure, StatusCode.InvalidArgument, "INVALID_REQUEST").FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("replication_setting_data");
    }

    [Fact]
    public async Task Overrides_reach_the_host_merged_into_the_machines_own_settings()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = Calls.Request(_operation, Stage.Id(1));
        request.Overrides = new ReplicationSettings { CompressionEnabled = false, RecoveryHistory = 7 };

        (await agent.Operator.InitiateAsync(request)).Last.State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task Unknown_machine_is_not_found_and_nothing_is_journaled()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(9)));

        Expect(result.Failure, StatusCode.NotFound, "VIRTUAL_MACHINE_NOT_FOUND").Metadata["virtual_machine_id"].ShouldBe(Stage.Id(9).ToString().ToUpperInvariant());
        (await agent.Operator.ListFailbacksAsync(new ListFailbacksRequest())).Operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Machine_in_a_wrong_state_is_not_ready_with_one_violation_for_each_blocking_check()
    {
        var machine = Stage.Machine(1) with { State = HyperV.Replication.ReplicationState.Replicating, Power = EnabledState.Running };
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(machine));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        Expect(result.Failure, StatusCode.FailedPrecondition, "NOT_READY").PreconditionViolations.Select(violation => violation.Type)
            .ShouldBe(["REPLICATION_STATE_NOT_ALLOWED", "VIRTUAL_MACHINE_NOT_OFF"], ignoreOrder: true);
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Check_that_asks_is_accepted_by_a_caller_who_names_it()
    {
        var machine = Stage.Machine(1) with { Health = HyperV.Replication.ReplicationHealth.Critical };
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(machine));
        var request = Calls.Request(_operation, Stage.Id(1));

        Expect((await agent.Operator.InitiateAsync(request)).Failure, StatusCode.FailedPrecondition, "NOT_READY");
        request.IgnoredChecks.Add("REPLICATION_HEALTH_CRITICAL");

        (await agent.Operator.InitiateAsync(request)).Last.State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task Machine_with_another_job_is_not_ready()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new InUseFault())));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        Expect(result.Failure, StatusCode.FailedPrecondition, "NOT_READY").PreconditionViolations.Select(violation => violation.Type).ShouldContain("JOB_IN_PROGRESS");
    }

    [Fact]
    public async Task Recovery_point_that_is_gone_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = Calls.Request(_operation, Stage.Id(1));
        request.RecoveryPoint = new RecoveryPointSelector { Identifier = $"Microsoft:{Guid.NewGuid()}" };

        Expect((await agent.Operator.InitiateAsync(request)).Failure, StatusCode.FailedPrecondition, "RECOVERY_POINT_GONE");
    }

    [Fact]
    public async Task Recovery_point_that_is_chosen_reaches_the_host()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var points = await agent.Operator.ListRecoveryPointsAsync(new ListRecoveryPointsRequest { VirtualMachineId = Stage.Id(1).ToString() });
        var point = points.RecoveryPoints[^1];
        var request = Calls.Request(_operation, Stage.Id(1));
        request.RecoveryPoint = new RecoveryPointSelector { Identifier = point.Identifier };

        await agent.Operator.InitiateAsync(request);

        agent.Host.Initiations.All.ShouldHaveSingleItem().RecoveryPointId.ShouldBe(point.Identifier);
        (await agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() })).RecoveryPointIdentifier.ShouldBe(point.Identifier);
    }

    [Fact]
    public async Task Failed_job_ends_the_stream_with_the_hosts_own_words()
    {
        var fault = new JobEndsFault { JobState = HyperV.Jobs.JobState.Exception, ErrorCode = 32768, Description = "the link broke" };
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, fault)));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        var failure = Expect(result.Failure, StatusCode.Internal, "JOB_FAILED");
        failure.Message.ShouldContain("the link broke");
        failure.Metadata["error_code"].ShouldBe("32768");
        failure.RetryDelay.ShouldBeNull();
        result.Last.State.ShouldBe(OperationState.Failed);
        result.Last.Outcome.Basis.ShouldBe(OutcomeBasis.Job);
        result.Last.Outcome.RetryClass.ShouldBe(RetryClass.FailedJob);
        result.Last.Outcome.Failure.Reason.ShouldBe(failure.Reason);
        result.Last.Outcome.Failure.Message.ShouldBe(failure.Message);
        result.Last.Job.Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Lower_epoch_of_a_campaign_is_refused_and_a_higher_one_joins()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1), Stage.Machine(2)));
        var first = WithEpoch(Calls.Request(_operation, Stage.Id(1)), 5);
        await agent.Coordinator.InitiateAsync(first);

        Expect((await agent.Coordinator.InitiateAsync(WithEpoch(Calls.Request(Guid.NewGuid(), Stage.Id(2)), 4))).Failure, StatusCode.FailedPrecondition, "STALE_EPOCH");
        // The next owner of the campaign repeats the call of the former one.
        (await agent.Coordinator.InitiateAsync(WithEpoch(Calls.Request(_operation, Stage.Id(1)), 6))).Last.State.ShouldBe(OperationState.Succeeded);
        Expect((await agent.Coordinator.InitiateAsync(first)).Failure, StatusCode.FailedPrecondition, "STALE_EPOCH").Metadata["highest_epoch"].ShouldBe("6");

        await agent.RestartAsync();
        Expect((await agent.Coordinator.InitiateAsync(first)).Failure, StatusCode.FailedPrecondition, "STALE_EPOCH");
        agent.Initiations.ShouldBe(1);

        static InitiateFailbackRequest WithEpoch(InitiateFailbackRequest request, long epoch)
        {
            request.Campaign = new CampaignContext { CampaignId = Stage.Id(500).ToString(), ItemId = "item", Attempt = 1, Epoch = epoch };
            return request;
        }
    }

    [Fact]
    public async Task Percentage_that_goes_back_says_why()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentGoesBackFault { AtPercent = 60, By = 30 })), agent => agent.HostSpeed = 60);

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        var before = 0;
        var drops = 0;
        foreach (var message in result.Messages.Where(message => message.HasPercentComplete))
        {
            if (message.PercentComplete < before)
            {
                message.Explanation.ShouldContain("dropped from");
                drops++;
            }

            before = message.PercentComplete;
        }

        drops.ShouldBe(1);
    }

    private static RpcFailure Expect(RpcFailure? failure, StatusCode status, string reason)
    {
        failure.ShouldNotBeNull();
        (failure.StatusCode, failure.Reason).ShouldBe((status, reason), failure.Message);
        return failure;
    }
}
