using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>Whether home is ready is found out before the service goes down, by what both hosts tell.</summary>
public sealed class PreflightTests
{
    [Fact]
    public async Task Machine_that_can_return_is_ready_before_the_first_step_and_before_the_outage()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await ShouldBeReadyAsync(stage);

        var shown = await UntilOutageAsync(stage);
        await ShouldBeReadyAsync(stage);

        (await stage.Returns.ApproveReturnAsync(Approval(shown))).Next.Code.ShouldBe("SHUT_DOWN_GUEST");
    }

    [Theory]
    [InlineData("HOME_ADAPTER_NOT_CONNECTED", CheckSeverity.Overridable)]
    [InlineData("HOME_MEMORY_LOW", CheckSeverity.Overridable)]
    [InlineData("CONFIGURATION_VERSION_NOT_SUPPORTED", CheckSeverity.Blocking)]
    [InlineData("RECOVERY_REPLICA_SERVER_NOT_ENABLED", CheckSeverity.Overridable)]
    public async Task What_a_host_lacks_refuses_the_outage_by_its_name_and_is_accepted_by_its_name(string check, CheckSeverity severity)
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary, adapt: host => (host.Name, check) switch
        {
            (ReturnStage.Home, "HOME_ADAPTER_NOT_CONNECTED") => host with { Switches = ["another"] },
            (ReturnStage.Home, "HOME_MEMORY_LOW") => host with { MemoryMegabytes = 1024 },
            (ReturnStage.Home, "CONFIGURATION_VERSION_NOT_SUPPORTED") => host with { SupportedVersions = ["5.0"] },
            (ReturnStage.Recovery, "RECOVERY_REPLICA_SERVER_NOT_ENABLED") => host with { RecoveryServerEnabled = false },
            _ => host,
        });
        await stage.CreateAsync();
        var shown = await UntilOutageAsync(stage);

        var answer = await CheckAsync(stage);
        answer.Ready.ShouldBe(severity == CheckSeverity.Overridable);
        var failed = answer.Checks.Where(one => !one.Passed && one.Severity != CheckSeverity.Informational).ShouldHaveSingleItem();
        (failed.Id, failed.Severity).ShouldBe((check, severity));

        var refused = await RefusedAsync(stage, Approval(shown));
        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.FailedPrecondition, "NOT_READY"));
        var violation = refused.PreconditionViolations.ShouldHaveSingleItem();
        (violation.Type, violation.Subject).ShouldBe((check, ReturnStage.Machine.Name));
        violation.Description.ShouldContain(failed.Observed);
        (await RefusedAsync(stage, Approval(shown, "MEDIA_MOUNTED"))).Reason.ShouldBe("NOT_READY");

        var after = await stage.Returns.ApproveReturnAsync(Approval(shown, check));
        after.Next.Code.ShouldBe("SHUT_DOWN_GUEST");
        var audited = new List<Contracts.Campaigns.V1.AuditRecord>();
        using var audit = stage.Returns.GetReturnAudit(new GetReturnAuditRequest { Name = ReturnStage.Name });
        await foreach (var record in audit.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            audited.Add(record);
        }

        audited.ShouldContain(record => record.Result == "OK" && record.Details.Contains(check, StringComparison.Ordinal));
        audited.ShouldContain(record => record.Result.Contains("NOT_READY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Agents_that_are_older_than_the_checks_are_one_check_that_can_be_accepted()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        stage.AgentsAreOlder = true;
        await stage.CreateAsync();
        var shown = await UntilOutageAsync(stage);

        var answer = await CheckAsync(stage);
        answer.Ready.ShouldBeTrue();
        var check = answer.Checks.ShouldHaveSingleItem();
        (check.Id, check.Passed, check.Severity).ShouldBe(("HOME_CHECKS_NOT_AVAILABLE", false, CheckSeverity.Overridable));
        check.Observed.ShouldBe("not checked: the agent of hv-west-01 and of hv-east-01 is older than these checks");

        (await RefusedAsync(stage, Approval(shown))).PreconditionViolations.ShouldHaveSingleItem().Type.ShouldBe("HOME_CHECKS_NOT_AVAILABLE");
        (await stage.Returns.ApproveReturnAsync(Approval(shown, "HOME_CHECKS_NOT_AVAILABLE"))).Next.Code.ShouldBe("SHUT_DOWN_GUEST");
    }

    [Fact]
    public async Task Host_that_does_not_answer_is_a_check_that_blocks()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await stage.StopAgentAsync(ReturnStage.Home);

        var answer = await CheckAsync(stage);

        answer.Ready.ShouldBeFalse();
        var check = answer.Checks.ShouldHaveSingleItem();
        (check.Id, check.Passed, check.Severity).ShouldBe(("HOME_NOT_ANSWERING", false, CheckSeverity.Blocking));
        check.Observed.ShouldStartWith("hv-east-01 does not answer: ");
    }

    [Fact]
    public async Task Outage_that_is_approved_by_an_answer_is_checked_like_any_other()
    {
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.FailedOver with { StartupAction = HyperV.Failover.StartupAction.None }, ReturnStage.OldPrimary, adapt: host => host.Name == ReturnStage.Home ? host with { MemoryMegabytes = 1024 } : host);
        await stage.CreateAsync();
        await UntilOutageAsync(stage);
        stage.Pair.First.FailPower();
        stage.Pair.First.ReturnPower();
        var asked = await stage.RunAsync(until: shown => shown.Next.Kind == NextKind.Ask);
        (asked.Next.Code, asked.Next.Choices.Any(choice => choice.Verb == "APPROVE_OUTAGE")).ShouldBe(("OFF_UNEXPECTEDLY", true));

        var answer = new AnswerReturnRequest { Name = ReturnStage.Name, Verb = "APPROVE_OUTAGE", Evidence = asked.Next.Evidence, Reason = "it may as well come home now" };
        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await stage.Returns.AnswerReturnAsync(answer)));
        (refused.Reason, refused.PreconditionViolations.Single().Type).ShouldBe(("NOT_READY", "HOME_MEMORY_LOW"));

        answer.IgnoredChecks.Add("HOME_MEMORY_LOW");
        (await stage.Returns.AnswerReturnAsync(answer)).Next.Kind.ShouldBe(NextKind.Step);
    }

    [Fact]
    public async Task Name_of_no_check_and_an_acceptance_at_another_gate_are_refused()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        var shown = await stage.StepUntilAsync(NextKind.Approval);

        var unknown = Approval(shown, "HOME_MEMORY_LOV");
        unknown.Gate = "OUTAGE";
        (await RefusedAsync(stage, unknown)).FieldViolations.ShouldHaveSingleItem().Description.ShouldBe("'HOME_MEMORY_LOV' is the name of no check; CheckReturn lists them");
        (await RefusedAsync(stage, Approval(shown, "HOME_MEMORY_LOW"))).FieldViolations.ShouldHaveSingleItem().Description.ShouldBe("belongs to the gate OUTAGE, and not to 'ATTACH'");
    }

    private static ApproveReturnRequest Approval(Return shown, params string[] ignored)
        => new() { Name = ReturnStage.Name, Gate = shown.Next.Gate, Evidence = shown.Next.Evidence, IgnoredChecks = { ignored } };

    private static Task<Return> UntilOutageAsync(ReturnStage stage) => stage.RunAsync(until: shown => shown is { Step: null, Next.Gate: "OUTAGE" });

    private static async Task<CheckReturnResponse> CheckAsync(ReturnStage stage) => await stage.Returns.CheckReturnAsync(new CheckReturnRequest { Name = ReturnStage.Name });

    private static async Task ShouldBeReadyAsync(ReturnStage stage)
    {
        var answer = await CheckAsync(stage);
        answer.Checks.Where(check => !check.Passed && check.Severity != CheckSeverity.Informational).Select(check => $"{check.Id}: {check.Observed}").ShouldBeEmpty();
        answer.Ready.ShouldBeTrue();
        answer.Checks.Count.ShouldBe(43);
        answer.Checks.Single(check => check.Id == "CLOCKS_APART").Observed.ShouldStartWith("the hosts' clocks differ by 0");
    }

    private static async Task<RpcFailure> RefusedAsync(ReturnStage stage, ApproveReturnRequest request)
        => RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await stage.Returns.ApproveReturnAsync(request)));
}
