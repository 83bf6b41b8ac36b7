using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class ModifyReplicationSettingsTests
{
    private static readonly ReplicationSettingOverrides Changes = new()
    {
        CompressionEnabled = false,
        RecoveryHistory = 9,
        ApplicationConsistentSnapshotInterval = 3,
        ReplicationInterval = TimeSpan.FromSeconds(900),
        AutoResynchronizeEnabled = true,
        AutoResynchronizeIntervalStart = TimeSpan.FromHours(20),
        AdditionalSettings = "tier=gold",
    };

    [Fact]
    public async Task What_was_changed_is_read_back_once_the_job_is_done()
    {
        await using var stage = await OpenAsync(ReplicationProviderKind.InBox);
        var call = await ModifyAsync(stage, Changes);
        (await SettingsAsync(stage)).RecoveryHistory.ShouldBe(4, "the job is not done");
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), JobType.ModifyReplicationRelationship);
        var settings = await SettingsAsync(stage);
        settings.ShouldSatisfyAllConditions(
            () => settings.CompressionEnabled.ShouldBe(false),
            () => settings.RecoveryHistory.ShouldBe(9),
            () => settings.ApplicationConsistentSnapshotInterval.ShouldBe(3),
            () => settings.ReplicationInterval.ShouldBe(TimeSpan.FromSeconds(900)),
            () => settings.AutoResynchronizeEnabled.ShouldBe(true),
            () => settings.AutoResynchronizeIntervalStart.ShouldBe(TimeSpan.FromHours(20)),
            () => settings.AutoResynchronizeIntervalEnd.ShouldBe(TimeSpan.FromHours(6)),
            () => settings.AdditionalSettings.ShouldBe("tier=gold"));
    }

    [Fact]
    public async Task A_cancelled_change_changes_nothing()
    {
        await using var stage = await OpenAsync();
        var before = await OperatorOf(stage).SettingsAsync();
        var job = (CimObjectPath)(await ModifyAsync(stage, Changes)).Outputs["Job"]!;
        (await stage.Door.RequestJobTerminationAsync(job, Stage.Token)).IsAccepted.ShouldBeTrue();
        stage.Pass(10);
        (await OperatorOf(stage).SettingsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Properties_that_only_the_host_writes_keep_their_values()
    {
        await using var stage = await OpenAsync(ReplicationProviderKind.InBox);
        var before = await OperatorOf(stage).SettingsAsync();
        string[] readOnly =
        [
            "Caption", "Description", "ElementName", "VirtualSystemType", "RootCertificateThumbPrint", "RecoveryHostSystem", "PrimaryConnectionPoint", "PrimaryHostSystem",
        ];
        var text = await TextAsync(stage, [.. readOnly.Select(name => (name, (object?)"something else")), ("EnableWriteOrderPreservationAcrossDisks", false)]);
        await OperatorOf(stage).FinishAsync(ModifyAsync(stage, text), JobType.ModifyReplicationRelationship);
        (await OperatorOf(stage).SettingsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_property_left_out_keeps_its_value()
    {
        await using var stage = await OpenAsync();
        var text = await TextAsync(stage, ("RecoveryHistory", null), ("CompressionEnabled", null), ("InstanceID", null), ("ReplicationInterval", (ushort)30));
        await OperatorOf(stage).FinishAsync(ModifyAsync(stage, text), JobType.ModifyReplicationRelationship);
        (await SettingsAsync(stage)).RecoveryHistory.ShouldBe(4);
        (await SettingsAsync(stage)).ReplicationInterval.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(ReplicationProviderKind.InBox, true)]
    [InlineData(ReplicationProviderKind.External, false)]
    public async Task An_external_provider_ignores_how_the_other_side_is_reached(ReplicationProviderKind provider, bool taken)
    {
        await using var stage = await OpenAsync(provider);
        var before = await SettingsAsync(stage);
        var text = await TextAsync(
            stage, ("AuthenticationType", (ushort)1), ("RecoveryConnectionPoint", "elsewhere.example"), ("RecoveryServerPortNumber", (ushort)8080),
            ("ReplicateHostKvpItems", false), ("CertificateThumbPrint", "AB"), ("CompressionEnabled", false));
        await OperatorOf(stage).FinishAsync(ModifyAsync(stage, text), JobType.ModifyReplicationRelationship);
        var after = await SettingsAsync(stage);
        after.ShouldSatisfyAllConditions(
            () => after.AuthenticationType.ShouldBe(taken ? AuthenticationType.Kerberos : before.AuthenticationType),
            () => after.RecoveryConnectionPoint.ShouldBe(taken ? "elsewhere.example" : before.RecoveryConnectionPoint),
            () => after.RecoveryServerPortNumber.ShouldBe(taken ? 8080 : before.RecoveryServerPortNumber),
            () => after.ReplicateHostKvpItems.ShouldBe(taken ? false : before.ReplicateHostKvpItems),
            () => after.CertificateThumbPrint.ShouldBe(taken ? "AB" : before.CertificateThumbPrint),
            () => after.CompressionEnabled.ShouldBe(false));
    }

    public static TheoryData<string, object> OutOfRange => new()
    {
        { "RecoveryHistory", (ushort)25 },
        { "ApplicationConsistentSnapshotInterval", (ushort)13 },
        { "ReplicationInterval", (ushort)60 },
        { "AutoResynchronizeIntervalStart", TimeSpan.FromHours(24) },
        { "AuthenticationType", (ushort)3 },
        { "CertificateThumbPrint", "" },
        { "CertificateThumbPrint", new string('A', 129) },
        { "RecoveryConnectionPoint", "10.0.0.1" },
        { "RecoveryConnectionPoint", new string('a', 257) },
        { "RecoveryServerPortNumber", (ushort)0 },
        { "ReplicationProvider", "Msvm_ReplicationProvider.InstanceID=\"Microsoft:elsewhere\"" },
        { "IncludedDisks", Array.Empty<string>() },
        { "IncludedDisks", new[] { @"Microsoft:11111111-2222-3333-4444-555555555555\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\0\L" } },
        { "IncludedDisks", new[] { @"Microsoft:00000001-0000-0000-0000-000000000001\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\7\L" } },
        { "RecoveryHistory", (ushort)0 },
        { "InstanceID", "Microsoft:00000001-0000-0000-0000-000000000001\\HVR\\1" },
        { "VirtualSystemIdentifier", "00000002-0000-0000-0000-000000000001" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task A_value_that_is_not_allowed_is_an_invalid_parameter(string property, object value)
    {
        await using var stage = await OpenAsync(ReplicationProviderKind.InBox);
        await Operator.RefusedAsync(ModifyAsync(stage, await TextAsync(stage, (property, value))), ReturnCode.InvalidParameter);
    }

    [Theory]
    [InlineData("", ReturnCode.InvalidParameter)]
    [InlineData("no xml", ReturnCode.InvalidParameter)]
    [InlineData("<INSTANCE CLASSNAME=\"Msvm_Other\"></INSTANCE>", ReturnCode.IncorrectDataType)]
    public async Task A_text_that_is_no_settings_is_refused(string text, ReturnCode code)
    {
        await using var stage = await OpenAsync();
        await Operator.RefusedAsync(ModifyAsync(stage, text), code);
    }

    [Fact]
    public async Task On_a_replica_the_call_is_about_the_extended_relationship()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine("replica", 1) with { State = ReplicationState.Replicating },
            Stage.Machine("extended", 2) with { State = ReplicationState.Replicating, Extended = true },
            Stage.Machine("none", 3) with { State = ReplicationState.Disabled, Mode = ReplicationMode.None }));
        var replica = new Operator(stage, new(stage.Host.Description.VirtualMachines[0].Id));
        await Operator.RefusedAsync(replica.ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", await replica.SettingsAsync())), ReturnCode.InvalidState);
        var none = new Operator(stage, new(stage.Host.Description.VirtualMachines[2].Id));
        await Operator.RefusedAsync(none.ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", await replica.SettingsAsync())), ReturnCode.InvalidState);

        var extended = new Operator(stage, new(stage.Host.Description.VirtualMachines[1].Id));
        var tooShort = await extended.SettingsAsync(new() { ReplicationInterval = TimeSpan.FromSeconds(30) }, extended: true);
        await Operator.RefusedAsync(extended.ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", tooShort)), ReturnCode.InvalidParameter);
        var good = await extended.SettingsAsync(new() { ReplicationInterval = TimeSpan.FromSeconds(900) }, extended: true);
        await extended.FinishAsync(extended.ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", good)), JobType.ModifyReplicationRelationship);
        (await extended.SettingsAsync(extended: true)).ShouldBe(good);
        ReplicationSettingData.Parse(await extended.SettingsAsync()).ReplicationInterval.ShouldBe(TimeSpan.FromSeconds(300), "the primary relationship has its own");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task Changed_settings_survive_the_process_and_a_summary_of_the_past(long compactAbove)
    {
        var folder = Directory.CreateTempSubdirectory("simulated-host-");
        try
        {
            var options = new SimulationOptions { StateFile = Path.Combine(folder.FullName, "state.jsonl"), MinimumJobRetention = TimeSpan.Zero, CompactAbove = compactAbove };
            string changed;
            var stage = await Stage.OpenAsync(HostOf(ReplicationProviderKind.External), options);
            await using (stage)
            {
                await OperatorOf(stage).FinishAsync(ModifyAsync(stage, Changes), JobType.ModifyReplicationRelationship);
                changed = await OperatorOf(stage).SettingsAsync();
            }

            await using var later = await Stage.OpenAsync(HostOf(ReplicationProviderKind.External), options, stage.Time);
            (await OperatorOf(later).SettingsAsync()).ShouldBe(changed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Disks_are_named_by_their_keys_or_their_paths()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Disks = 2 }));
        var disks = await stage.Session.ListInstancesAsync(HyperVClasses.StorageAllocationSettingData, [], Stage.Token);
        string[] named = [disks[0].Path!.ToString(), disks[1].GetString("InstanceID")!];
        await OperatorOf(stage).FinishAsync(ModifyAsync(stage, await TextAsync(stage, ("IncludedDisks", named))), JobType.ModifyReplicationRelationship);
        (await SettingsAsync(stage)).IncludedDisks.ShouldBe(named);
    }

    [Fact]
    public async Task A_changed_interval_is_that_of_the_replications_that_follow()
    {
        await using var stage = await OpenAsync();
        await OperatorOf(stage).FinishAsync(ModifyAsync(stage, new ReplicationSettingOverrides { ReplicationInterval = TimeSpan.FromSeconds(30) }), JobType.ModifyReplicationRelationship);
        var since = stage.Time.GetUtcNow();
        stage.Pass(61);
        (await OperatorOf(stage).SeeAsync()).Relationship!.LastReplicationTime.ShouldBe(since.AddSeconds(60));
    }

    [Fact]
    public async Task A_changed_history_is_kept_once_the_machine_is_a_replica_again()
    {
        await using var stage = await OpenAsync();
        await OperatorOf(stage).FinishAsync(ModifyAsync(stage, Changes), JobType.ModifyReplicationRelationship);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).RequestReplicationAsync(2), JobType.ReplicationStateChange);
        (await stage.Door.ListRecoveryPointsAsync(OperatorOf(stage).Id, Stage.Token)).Count.ShouldBe(9);
    }

    private static SimulatedHostDescription HostOf(ReplicationProviderKind provider)
        => Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating }) with { Provider = provider };

    private static Task<Stage> OpenAsync(ReplicationProviderKind provider = ReplicationProviderKind.External) => Stage.OpenAsync(HostOf(provider));

    private static Operator OperatorOf(Stage stage) => new(stage, new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id));

    private static async Task<ReplicationSettingData> SettingsAsync(Stage stage) => ReplicationSettingData.Parse(await OperatorOf(stage).SettingsAsync());

    private static async Task<CimMethodResult> ModifyAsync(Stage stage, ReplicationSettingOverrides changes)
        => await ModifyAsync(stage, await OperatorOf(stage).SettingsAsync(changes));

    private static Task<CimMethodResult> ModifyAsync(Stage stage, string text)
        => OperatorOf(stage).ServiceAsync("ModifyReplicationSettings", ("ReplicationSettingData", text));

    /// <summary>The machine's settings with some properties set to anything.</summary>
    private static async Task<string> TextAsync(Stage stage, params (string Name, object? Value)[] changes)
    {
        var properties = new Dictionary<string, object?>((await SettingsAsync(stage)).Instance.Properties, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            properties[name] = value;
        }

        return Cim.Xml.CimXmlText.Write(new CimInstance(path: null, ReplicationSettingData.ClassName, properties), ReplicationSettingData.Declaration);
    }
}
