using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Tests.Scripted;

namespace HostAgent.HyperV.Tests.Replication;

public sealed class ReplicationSettingDataTests
{
    private static async Task<ReplicationSettingData> SettingsAsync(params (string, object?)[] more)
    {
        var script = new ScriptedHost();
        var id = script.AddMachine(new MachineScript { Settings = more });
        return (await script.Host.GetReplicationSettingsAsync(id, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Properties_are_typed()
    {
        var settings = await SettingsAsync();
        settings.AuthenticationType.ShouldBe(AuthenticationType.Kerberos);
        settings.RecoveryServerPortNumber.ShouldBe(80);
        settings.RecoveryHistory.ShouldBe(4);
        settings.IncludedDisks.ShouldBe([@"Microsoft:disk\0", @"Microsoft:disk\1"]);
        settings.ReplicationInterval.ShouldBe(TimeSpan.FromMinutes(5));
        settings.AutoResynchronizeIntervalStart.ShouldBe(new TimeSpan(18, 30, 0));
        settings.CertificateThumbPrint.ShouldBeNull();
        settings.VirtualSystemType.ShouldBe(ReplicationSettingData.ReplicaSystemType);
    }

    [Fact]
    public async Task Text_is_read_back_with_every_property_unknown_ones_included()
    {
        var settings = await SettingsAsync(("VendorProperty", "kept"), ("Notes", new[] { "a", "b" }));
        var read = ReplicationSettingData.Parse(settings.ToEmbeddedText());
        read.Instance["VendorProperty"].ShouldBe("kept");
        foreach (var (name, value) in settings.Instance.Properties)
        {
            read.Instance[name].ShouldBe(value, name);
        }
    }

    [Fact]
    public async Task Null_properties_are_written_with_the_type_that_the_class_declares()
    {
        var text = (await SettingsAsync(("RecoveryHistory", null), ("IncludedDisks", null), ("AutoResynchronizeIntervalStart", null))).ToEmbeddedText();
        text.ShouldContain("<PROPERTY NAME=\"RecoveryHistory\" TYPE=\"uint16\" />");
        text.ShouldContain("<PROPERTY.ARRAY NAME=\"IncludedDisks\" TYPE=\"string\" />");
        text.ShouldContain("<PROPERTY NAME=\"AutoResynchronizeIntervalStart\" TYPE=\"datetime\" />");
    }

    [Fact]
    public async Task Overrides_replace_what_they_name_and_keep_everything_else()
    {
        var settings = await SettingsAsync(("VendorProperty", "kept"));
        var merged = settings.With(new ReplicationSettingOverrides
        {
            AuthenticationType = AuthenticationType.Certificate,
            CertificateThumbPrint = "ABCD",
            CompressionEnabled = false,
            BypassProxyServer = true,
            RecoveryConnectionPoint = "hv-east-01.contoso.test",
            RecoveryServerPortNumber = 443,
            ReplicateHostKvpItems = true,
            ApplicationConsistentSnapshotInterval = 4,
            RecoveryHistory = 0,
            AutoResynchronizeEnabled = true,
            AutoResynchronizeIntervalStart = TimeSpan.Zero,
            AutoResynchronizeIntervalEnd = new TimeSpan(6, 0, 0),
            ReplicationInterval = TimeSpan.FromSeconds(30),
            AdditionalSettings = "<x/>",
        });
        var read = ReplicationSettingData.Parse(merged.ToEmbeddedText());
        read.AuthenticationType.ShouldBe(AuthenticationType.Certificate);
        read.CertificateThumbPrint.ShouldBe("ABCD");
        read.CompressionEnabled.ShouldBe(false);
        read.BypassProxyServer.ShouldBe(true);
        read.RecoveryConnectionPoint.ShouldBe("hv-east-01.contoso.test");
        read.RecoveryServerPortNumber.ShouldBe(443);
        read.ReplicateHostKvpItems.ShouldBe(true);
        read.ApplicationConsistentSnapshotInterval.ShouldBe(4);
        read.RecoveryHistory.ShouldBe(0);
        read.AutoResynchronizeEnabled.ShouldBe(true);
        read.AutoResynchronizeIntervalStart.ShouldBe(TimeSpan.Zero);
        read.AutoResynchronizeIntervalEnd.ShouldBe(new TimeSpan(6, 0, 0));
        read.ReplicationInterval.ShouldBe(TimeSpan.FromSeconds(30));
        read.AdditionalSettings.ShouldBe("<x/>");
        read.PrimaryConnectionPoint.ShouldBe("hv-east-01.contoso.test");
        read.Instance["VendorProperty"].ShouldBe("kept");
    }

    [Fact]
    public async Task Overrides_that_name_nothing_change_nothing()
    {
        var settings = await SettingsAsync();
        settings.With(new ReplicationSettingOverrides()).ToEmbeddedText().ShouldBe(settings.ToEmbeddedText());
    }

    [Fact]
    public async Task Overrides_out_of_range_are_refused_all_at_once()
    {
        var overrides = new ReplicationSettingOverrides
        {
            AuthenticationType = (AuthenticationType)3,
            CertificateThumbPrint = new string('A', 129),
            RecoveryConnectionPoint = "10.0.0.7",
            RecoveryServerPortNumber = 0,
            ApplicationConsistentSnapshotInterval = 13,
            RecoveryHistory = 25,
            AutoResynchronizeIntervalStart = TimeSpan.FromDays(1),
            AutoResynchronizeIntervalEnd = TimeSpan.FromSeconds(-1),
            ReplicationInterval = TimeSpan.FromSeconds(60),
        };
        overrides.Validate().Select(m => m.Property).ShouldBe(
        [
            "AuthenticationType", "CertificateThumbPrint", "RecoveryConnectionPoint", "RecoveryServerPortNumber",
            "ApplicationConsistentSnapshotInterval", "RecoveryHistory", "AutoResynchronizeIntervalStart", "AutoResynchronizeIntervalEnd",
            "ReplicationInterval",
        ]);
        var settings = await SettingsAsync();
        var refusal = Should.Throw<ArgumentException>(() => settings.With(overrides));
        refusal.Message.ShouldContain("RecoveryHistory is '25'; it must be 0 to 24 points.");
    }

    [Fact]
    public void Certificate_authentication_without_a_thumbprint_is_refused()
        => new ReplicationSettingOverrides { AuthenticationType = AuthenticationType.Certificate }.Validate()
            .ShouldHaveSingleItem().Property.ShouldBe("CertificateThumbPrint");

    [Fact]
    public void Another_class_is_refused_by_name()
        => Should.Throw<CimDataException>(() => ReplicationSettingData.Parse("<INSTANCE CLASSNAME='Msvm_Other'/>"))
            .Message.ShouldContain("Msvm_Other");

    [Theory]
    [InlineData("<PROPERTY NAME='RecoveryHistory' TYPE='string'><VALUE>4</VALUE></PROPERTY>", "RecoveryHistory")]
    [InlineData("<PROPERTY NAME='IncludedDisks' TYPE='string'><VALUE>one</VALUE></PROPERTY>", "IncludedDisks")]
    [InlineData("<PROPERTY NAME='AutoResynchronizeIntervalEnd' TYPE='datetime'><VALUE>20260301030000.000000+000</VALUE></PROPERTY>", "AutoResynchronizeIntervalEnd")]
    public void A_property_of_another_type_is_refused_by_name(string property, string name)
        => Should.Throw<CimDataException>(() => ReplicationSettingData.Parse($"<INSTANCE CLASSNAME='Msvm_ReplicationSettingData'>{property}</INSTANCE>"))
            .Property.ShouldBe(name);

    [Theory]
    [InlineData(MachineScript.ExternalProvider, true)]
    [InlineData(MachineScript.InBoxProvider, false)]
    [InlineData("22391cdc-272c-4ddf-ba88-9befb1a0975c", false)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task The_in_box_provider_is_recognised_by_the_end_of_its_path(string? path, bool? external)
        => (await SettingsAsync(("ReplicationProvider", path))).IsExternalProvider.ShouldBe(external);
}
