using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Methods.Server;

public sealed class ServiceSettingsTests
{
    [Fact]
    public async Task The_settings_are_those_of_the_description()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf() with
        {
            RecoveryServerEnabled = false,
            AllowedAuthentication = RecoveryServerAuthentication.Kerberos,
            HttpPort = 8080,
            HttpsPort = 8443,
            MonitoringInterval = TimeSpan.FromHours(2),
        });
        var status = await stage.Door.DescribeAsync(Stage.Token);
        status.ShouldSatisfyAllConditions(
            () => status.RecoveryServerEnabled.ShouldBe(false),
            () => status.AllowedAuthenticationType.ShouldBe(1),
            () => status.HttpPort.ShouldBe(8080),
            () => status.HttpsPort.ShouldBe(8443),
            () => status.MonitoringInterval.ShouldBe(TimeSpan.FromHours(2)));
        (await SettingsAsync(stage))["CertificateThumbPrint"].ShouldBeNull();
    }

    [Fact]
    public async Task Its_certificate_is_the_hosts_own()
    {
        await using var stage = await Stage.OpenAsync();
        var machine = await stage.Door.GetReplicationSettingsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token);
        (await SettingsAsync(stage))["CertificateThumbPrint"].ShouldBe(machine!.CertificateThumbPrint);
    }

    [Fact]
    public async Task Its_own_text_is_taken_back_unchanged()
    {
        await using var stage = await Stage.OpenAsync();
        var settings = await SettingsAsync(stage);
        (await ModifyAsync(stage, Cim.Xml.CimXmlText.Write(settings))).ReturnValue.ShouldBe(0u);
        (await SettingsAsync(stage)).Properties.ShouldBe(settings.Properties);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task What_was_changed_is_read_back_and_outlives_the_process(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Stage.Machine()), compactAbove,
        async stage =>
        {
            var answer = await ModifyAsync(stage, Text(
                ("RecoveryServerEnabled", false), ("AllowedAuthenticationType", (ushort)3), ("CertificateThumbPrint", "AB12"), ("HttpPort", (ushort)8080),
                ("HttpsPort", (ushort)8443), ("MonitoringInterval", 3600u), ("MonitoringStartTime", TimeSpan.FromHours(1))));
            answer.ReturnValue.ShouldBe(0u);
            answer.Outputs["Job"].ShouldBeNull();
        },
        async stage =>
        {
            var settings = await SettingsAsync(stage);
            settings.ShouldSatisfyAllConditions(
                () => settings["RecoveryServerEnabled"].ShouldBe(false),
                () => settings["AllowedAuthenticationType"].ShouldBe((ushort)3),
                () => settings["CertificateThumbPrint"].ShouldBe("AB12"),
                () => settings["HttpPort"].ShouldBe((ushort)8080),
                () => settings["HttpsPort"].ShouldBe((ushort)8443),
                () => settings["MonitoringInterval"].ShouldBe(3600u),
                () => settings["MonitoringStartTime"].ShouldBe(TimeSpan.FromHours(1)));
        });

    public static TheoryData<string, object> OutOfRange => new()
    {
        { "AllowedAuthenticationType", (ushort)4 },
        { "AllowedAuthenticationType", (ushort)0 },
        { "CertificateThumbPrint", "" },
        { "CertificateThumbPrint", new string('A', 129) },
        { "HttpPort", (ushort)0 },
        { "HttpsPort", (ushort)0 },
        { "MonitoringInterval", 3599u },
        { "MonitoringInterval", 604_801u },
        { "MonitoringStartTime", TimeSpan.FromDays(1) },
        { "MonitoringStartTime", Stage.Began },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task A_value_that_is_not_allowed_is_an_invalid_parameter(string property, object value)
    {
        await using var stage = await Stage.OpenAsync();
        var before = await SettingsAsync(stage);
        await Operator.RefusedAsync(ModifyAsync(stage, Text((property, value))), ReturnCode.InvalidParameter);
        (await SettingsAsync(stage)).Properties.ShouldBe(before.Properties);
    }

    [Fact]
    public async Task A_text_of_another_class_or_type_is_told_apart_from_no_text()
    {
        await using var stage = await Stage.OpenAsync();
        await Operator.RefusedAsync(ModifyAsync(stage, ServerSubject.Text("Msvm_Other")), ReturnCode.IncorrectDataType);
        await Operator.RefusedAsync(ModifyAsync(stage, Text(("HttpPort", "80"))), ReturnCode.IncorrectDataType);
        await Operator.RefusedAsync(ModifyAsync(stage, ""), ReturnCode.InvalidParameter);
    }

    [Fact]
    public async Task Statistics_are_those_of_the_monitoring_interval_and_can_be_begun_anew()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = Replication.ReplicationState.Replicating }));
        var machine = new Operator(stage, new(stage.Host.Description.VirtualMachines[0].Id));
        stage.Pass(5400);
        (await StartAsync(stage)).ShouldBe(Stage.Began.AddHours(-1), "21:00, twelve hours after 09:00");
        await ModifyAsync(stage, Text(("MonitoringInterval", 3600u)));
        (await StartAsync(stage)).ShouldBe(Stage.Began.AddHours(1));
        await machine.FinishAsync(machine.ServiceAsync("ResetReplicationStatistics"), Jobs.JobType.ResetReplicationStatistics);
        (await StartAsync(stage)).ShouldBe(stage.Time.GetUtcNow());
        await machine.FinishAsync(machine.ServiceAsync("ResetReplicationStatisticsEx"), Jobs.JobType.ResetReplicationStatistics);
        (await StartAsync(stage)).ShouldBe(stage.Time.GetUtcNow());
        var none = ServerSubject.Text("Msvm_ReplicationRelationship", ("InstanceID", $@"Microsoft:{machine.Id}\HVR\1"));
        await Operator.RefusedAsync(machine.ServiceAsync("ResetReplicationStatisticsEx", ("ReplicationRelationship", none)), ReturnCode.InvalidState);
    }

    private static async Task<DateTimeOffset?> StartAsync(Stage stage)
        => (await stage.Door.GetReplicationStatisticsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token))!.Intervals[0].Start;

    private static string Text(params IEnumerable<(string Name, object? Value)> properties) => ServerSubject.Text(HyperVClasses.ReplicationServiceSettingData, properties);

    private static Task<CimMethodResult> ModifyAsync(Stage stage, string text) => ServerSubject.CallAsync(stage, "ModifyServiceSettings", ("SettingData", text));

    private static async Task<CimInstance> SettingsAsync(Stage stage)
        => (await ServerSubject.ListAsync(stage, HyperVClasses.ReplicationServiceSettingData)).ShouldHaveSingleItem();
}
