using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Tests.Methods;

namespace HostAgent.HyperV.Simulation.Tests.Model;

/// <summary>What older hosts lack.</summary>
public sealed class PlatformTests
{
    [Theory]
    [InlineData(HostPlatform.WindowsServer2012R2)]
    [InlineData(HostPlatform.WindowsServer2016)]
    [InlineData(HostPlatform.WindowsServer2019)]
    public async Task From_2012_R2_on_a_failback_is_there(HostPlatform platform)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Extended = true }) with { Platform = platform });
        (await stage.StartAsync()).ClassName.ShouldBe(HyperVClasses.ConcreteJob);
    }

    [Fact]
    public async Task Windows_Server_2012_has_no_failback_and_says_so_as_a_host_does()
    {
        await using var stage = await Open2012Async();
        var machine = OperatorOf(stage);
        var settings = (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationSettingData, [], Stage.Token)).ShouldHaveSingleItem();
        await MissingAsync(() => stage.InitiateAsync(settings: new ReplicationSettingData(settings).ToEmbeddedText()), CimErrorCode.MethodNotImplemented);
        foreach (var method in new[] { "ChangeReplicationModeToPrimary", "RemoveReplicationRelationshipEx", "ResetReplicationStatisticsEx", "GetReplicationStatisticsEx" })
        {
            await MissingAsync(() => machine.ServiceAsync(method), CimErrorCode.MethodNotImplemented);
        }

        await MissingAsync(() => machine.RequestReplicationAsync(7), CimErrorCode.MethodNotImplemented);
    }

    [Fact]
    public async Task Windows_Server_2012_has_no_relationships_and_providers_and_does_not_number_settings()
    {
        await using var stage = await Open2012Async();
        foreach (var name in new[] { HyperVClasses.ReplicationRelationship, HyperVClasses.ReplicationProvider })
        {
            await MissingAsync(() => stage.Session.ListInstancesAsync(name, [], Stage.Token), CimErrorCode.InvalidClass);
        }

        await MissingAsync(
            () => stage.Session.ListAssociatorsAsync(
                Operator.PathOf(OperatorOf(stage).Id), HyperVClasses.SystemReplicationRelationship, HyperVClasses.ReplicationSettingData, Stage.Token),
            CimErrorCode.InvalidClass);
        await MissingAsync(() => stage.Door.ListVirtualMachinesAsync(Stage.Token), CimErrorCode.InvalidClass);
        var settings = (await stage.Session.ListAssociatorsAsync(
            Operator.PathOf(OperatorOf(stage).Id), HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, Stage.Token)).ShouldHaveSingleItem();
        settings["InstanceID"].ShouldBe($@"Microsoft:{OperatorOf(stage).Id}\HVR");
        settings["ReplicationProvider"].ShouldBeNull();
        (await stage.Session.GetInstanceAsync(settings.Path!, Stage.Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_Windows_Server_2012_has_works()
    {
        await using var stage = await Open2012Async();
        var machine = OperatorOf(stage);
        var settings = (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationSettingData, [], Stage.Token)).ShouldHaveSingleItem();
        var wrong = new ReplicationSettingData(settings).With(new ReplicationSettingOverrides { ReplicationInterval = TimeSpan.FromSeconds(900) });
        await Operator.RefusedAsync(machine.ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", wrong.ToEmbeddedText())), ReturnCode.InvalidParameter);
        var good = new ReplicationSettingData(settings).With(new ReplicationSettingOverrides { CompressionEnabled = false });
        await EndAsync(stage, machine.ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", good.ToEmbeddedText())));
        (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationSettingData, [], Stage.Token))[0]["CompressionEnabled"].ShouldBe(false);
        await EndAsync(stage, machine.MachineAsync("RequestReplicationStateChange", ("RequestedState", (ushort)7)));
        (await stage.Session.GetInstanceAsync(Operator.PathOf(machine.Id), Stage.Token))!["ReplicationState"].ShouldBe((ushort)ReplicationState.Suspended);
    }

    [Fact]
    public async Task A_description_that_its_platform_cannot_be_names_every_error()
    {
        var machine = Stage.Machine() with { Extended = true, RecoveryHistory = 16, State = ReplicationState.UpdateCritical };
        var message = (await Should.ThrowAsync<ArgumentException>(() => Stage.OpenAsync(Stage.HostOf(machine) with { Platform = HostPlatform.WindowsServer2012 }))).Message;
        message.ShouldSatisfyAllConditions(
            () => message.ShouldContain("in-box"), () => message.ShouldContain("extended"), () => message.ShouldContain("16"), () => message.ShouldContain("UpdateCritical"));
        (await Should.ThrowAsync<ArgumentException>(
            () => Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.FiredrillInProgress }) with { Platform = HostPlatform.WindowsServer2016 })))
            .Message.ShouldContain("FiredrillInProgress");
    }

    private static Task<Stage> Open2012Async() => Stage.OpenAsync(
        Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating }) with
        {
            Platform = HostPlatform.WindowsServer2012,
            Provider = ReplicationProviderKind.InBox,
        });

    private static Operator OperatorOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static async Task MissingAsync(Func<Task> call, uint code) => (await Should.ThrowAsync<CimException>(call)).ErrorCode.ShouldBe(code);

    private static async Task EndAsync(Stage stage, Task<CimMethodResult> call)
    {
        var path = (await call).Outputs["Job"].ShouldBeOfType<CimObjectPath>();
        stage.Pass(30);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);
    }
}
