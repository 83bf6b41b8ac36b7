using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>Each check alone, and each before the ones below it.</summary>
public sealed class CheckOrderTests
{
    private const string Other = "00000099-0000-0000-0000-000000000001";

    // Breaks every check from the given one on, so that only the order decides what is answered.
    [Theory]
    [InlineData(FailbackCheck.Access, ReturnCode.AccessDenied)]
    [InlineData(FailbackCheck.SettingsText, ReturnCode.InvalidParameter)]
    [InlineData(FailbackCheck.SettingsOwner, ReturnCode.InvalidParameter)]
    [InlineData(FailbackCheck.Mode, ReturnCode.InvalidState)]
    [InlineData(FailbackCheck.NotBusy, ReturnCode.SystemInUse)]
    [InlineData(FailbackCheck.State, ReturnCode.InvalidState)]
    [InlineData(FailbackCheck.ProviderSupport, ReturnCode.NotSupported)]
    [InlineData(FailbackCheck.ProviderReach, ReturnCode.SystemNotAvailable)]
    [InlineData(FailbackCheck.RecoveryPoint, ReturnCode.InvalidParameter)]
    public async Task The_first_broken_rule_decides(FailbackCheck first, ReturnCode expected)
    {
        var (answer, stage) = await CallWithBrokenFrom(first);
        await using (stage)
        {
            answer.Code.ShouldBe(expected);
            answer.Job.ShouldBeNull();
            stage.Host.Initiations.Total.ShouldBe(0);
        }
    }

    [Fact]
    public async Task The_order_can_be_turned_round()
    {
        var reversed = Enum.GetValues<FailbackCheck>().Reverse().ToList();
        var (answer, stage) = await CallWithBrokenFrom(FailbackCheck.Mode, new SimulationOptions { CheckOrder = reversed });
        await using (stage)
        {
            answer.Code.ShouldBe(ReturnCode.InvalidParameter);
        }
    }

    [Fact]
    public async Task An_order_that_leaves_a_check_out_is_refused()
    {
        var options = new SimulationOptions { CheckOrder = [FailbackCheck.Access] };
        var refusal = await Should.ThrowAsync<ArgumentException>(() => Stage.OpenAsync(options: options));
        refusal.Message.ShouldContain("exactly once");
    }

    [Fact]
    public async Task A_flawless_call_starts_a_job()
    {
        await using var stage = await Stage.OpenAsync();
        var points = await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token);
        var answer = await stage.InitiateAsync(point: points[^1].Identifier);
        answer.Code.ShouldBe(ReturnCode.JobStarted);
        stage.Host.Initiations.All.ShouldHaveSingleItem().RecoveryPointId.ShouldBe(points[^1].Identifier);
    }

    [Fact]
    public async Task A_dangling_path_is_not_found()
    {
        await using var stage = await Stage.OpenAsync();
        var settings = (await stage.Door.GetReplicationSettingsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token))!.ToEmbeddedText();
        var error = await Should.ThrowAsync<CimException>(() => stage.InitiateAsync(VirtualMachineId.Parse(Other), settings));
        error.ErrorCode.ShouldBe(CimErrorCode.NotFound);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not a path")]
    [InlineData("Msvm_ReplicationService.Name=\"replicasvc\"")]
    [InlineData("Msvm_ComputerSystem.CreationClassName=\"Msvm_ComputerSystem\",Name=\"hv-west-01\"")]
    public async Task A_reference_to_something_else_is_an_invalid_parameter(string? reference)
    {
        await using var stage = await Stage.OpenAsync();
        var service = (await stage.Session.ListInstancesAsync("Msvm_ReplicationService", [], Stage.Token))[0];
        var settings = (await stage.Door.GetReplicationSettingsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token))!.ToEmbeddedText();
        var result = await stage.Session.InvokeMethodAsync(
            service.Path!, "InitiateFailback", new Dictionary<string, object?> { ["ComputerSystem"] = reference, ["ReplicationSettingData"] = settings }, Stage.Token);
        result.ReturnValue.ShouldBe((uint)ReturnCode.InvalidParameter);
        result.Outputs["Job"].ShouldBeNull();
    }

    [Theory]
    [InlineData("", ReturnCode.InvalidParameter)]
    [InlineData("<INSTANCE", ReturnCode.InvalidParameter)]
    [InlineData("<INSTANCE CLASSNAME=\"Msvm_ReplicationRelationship\"></INSTANCE>", ReturnCode.IncorrectDataType)]
    [InlineData("<INSTANCE CLASSNAME=\"Msvm_ReplicationSettingData\"><PROPERTY NAME=\"RecoveryHistory\" TYPE=\"string\"><VALUE>4</VALUE></PROPERTY></INSTANCE>", ReturnCode.IncorrectDataType)]
    [InlineData("<INSTANCE CLASSNAME=\"Msvm_ReplicationSettingData\"></INSTANCE>", ReturnCode.InvalidParameter)]
    public async Task Settings_that_are_no_settings_of_the_machine_are_refused(string text, ReturnCode expected)
    {
        await using var stage = await Stage.OpenAsync();
        (await stage.InitiateAsync(settings: text)).Code.ShouldBe(expected);
    }

    [Theory]
    [InlineData(ReplicationMode.None)]
    [InlineData(ReplicationMode.Primary)]
    [InlineData(ReplicationMode.TestReplica)]
    public async Task Only_replicas_go_back(ReplicationMode mode)
    {
        var settings = await SettingsOfAsync();
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = mode }));
        (await stage.InitiateAsync(settings: settings)).Code.ShouldBe(ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData(ReplicationState.Replicating)]
    [InlineData(ReplicationState.Suspended)]
    [InlineData(ReplicationState.Critical)]
    [InlineData(ReplicationState.FailbackInProgress)]
    [InlineData(ReplicationState.FailbackComplete)]
    public async Task Only_replicas_that_have_failed_over_go_back(ReplicationState state)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = state }));
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData(EnabledState.Running)]
    [InlineData(EnabledState.Saved)]
    [InlineData(EnabledState.Stopping)]
    public async Task Only_machines_that_are_off_go_back(EnabledState power)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Power = power }));
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState);
    }

    [Fact]
    public async Task A_second_call_meets_the_first_ones_job()
    {
        await using var stage = await Stage.OpenAsync();
        await stage.StartAsync();
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        stage.Pass(245);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState);
        stage.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_backup_is_in_the_way_until_it_ends()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Host.StartOtherJob(stage.Host.Description.VirtualMachines[0].Id, JobType.Backup, TimeSpan.FromMinutes(1));
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        stage.Pass(60);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.JobStarted);
    }

    private static async Task<string> SettingsOfAsync()
    {
        await using var plain = await Stage.OpenAsync();
        return (await plain.Door.GetReplicationSettingsAsync(new(plain.Host.Description.VirtualMachines[0].Id), Stage.Token))!.ToEmbeddedText();
    }

    private static async Task<(FailbackAnswer Answer, Stage Stage)> CallWithBrokenFrom(FailbackCheck first, SimulationOptions? options = null)
    {
        bool Broken(FailbackCheck check) => check >= first;
        var settings = await SettingsOfAsync();
        List<Fault> faults = [];
        if (Broken(FailbackCheck.Access))
        {
            faults.Add(new AccessDeniedFault());
        }

        if (Broken(FailbackCheck.NotBusy))
        {
            faults.Add(new InUseFault());
        }

        var machine = Stage.Machine() with
        {
            Faults = faults,
            Mode = Broken(FailbackCheck.Mode) ? ReplicationMode.Primary : ReplicationMode.Replica,
            Power = Broken(FailbackCheck.State) ? EnabledState.Running : EnabledState.Off,
        };
        var host = Stage.HostOf(machine) with
        {
            Provider = Broken(FailbackCheck.ProviderSupport) ? ReplicationProviderKind.InBox : ReplicationProviderKind.External,
            PrimarySiteReachable = !Broken(FailbackCheck.ProviderReach),
        };
        var text = Broken(FailbackCheck.SettingsText) ? "<broken"
            : Broken(FailbackCheck.SettingsOwner) ? settings.Replace(machine.Id.ToString("D").ToUpperInvariant(), Other, StringComparison.OrdinalIgnoreCase)
            : settings;
        var stage = await Stage.OpenAsync(host, options);
        return (await stage.InitiateAsync(settings: text, point: "Microsoft:" + Other), stage);
    }
}
