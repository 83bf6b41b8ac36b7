using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Tests.Wmi;

public sealed class WmiValuesTests
{
    private static object? FromWmi(CimType type, object? value) => WmiValues.FromWmi(type, value, _ => null);

    [Fact]
    public void Datetime_text_becomes_a_time_or_an_interval()
    {
        FromWmi(CimType.DateTime, "20260301030000.500000+060").ShouldBe(new DateTimeOffset(2026, 3, 1, 3, 0, 0, 500, TimeSpan.FromHours(1)));
        FromWmi(CimType.DateTime, "00000000000500.000000:000").ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Reference_text_becomes_a_path()
        => FromWmi(CimType.Reference, @"\\H\root\virtualization\v2:Msvm_ConcreteJob.InstanceID=""X""")
            .ShouldBe(CimObjectPath.ForKey("Msvm_ConcreteJob", "InstanceID", "X"));

    [Fact]
    public void Numbers_take_the_declared_width()
    {
        FromWmi(CimType.UInt16, 7).ShouldBeOfType<ushort>().ShouldBe((ushort)7);
        FromWmi(CimType.UInt64, 7UL).ShouldBe(7UL);
    }

    [Fact]
    public void Arrays_take_the_declared_type()
    {
        FromWmi(CimType.UInt16, new object[] { (ushort)2, (ushort)11 }).ShouldBe(new ushort[] { 2, 11 });
        FromWmi(CimType.String, new[] { "a", null }).ShouldBe(new[] { "a", null });
        FromWmi(CimType.DateTime, new[] { "00000000000500.000000:000" }).ShouldBe(new[] { TimeSpan.FromMinutes(5) });
    }

    [Fact]
    public void Null_stays_null_and_empty_stays_empty()
    {
        FromWmi(CimType.String, null).ShouldBeNull();
        FromWmi(CimType.String, "").ShouldBe("");
        FromWmi(CimType.String, Array.Empty<string>()).ShouldBe(Array.Empty<string>());
    }

    [Fact]
    public void What_does_not_fit_is_handed_on_so_that_its_getter_can_name_it()
    {
        var instance = new CimInstance(null, "Msvm_ConcreteJob", [new("StartTime", FromWmi(CimType.DateTime, "soon"))]);
        Should.Throw<CimDataException>(() => instance.GetDateTime("StartTime")).Message.ShouldContain("Msvm_ConcreteJob.StartTime");
        FromWmi(CimType.UInt16, 70000).ShouldBe(70000);
        FromWmi(CimType.Reference, "not a path").ShouldBe("not a path");
    }

    [Fact]
    public void Arguments_are_written_as_wmi_takes_them()
    {
        WmiValues.ToWmi("ComputerSystem", CimObjectPath.ForKey("A", "K", "v")).ShouldBe("A.K=\"v\"");
        WmiValues.ToWmi("StartTime", DateTimeOffset.UnixEpoch).ShouldBe("19700101000000.000000+000");
        WmiValues.ToWmi("Interval", TimeSpan.FromMinutes(5)).ShouldBe("00000000000500.000000:000");
        WmiValues.ToWmi("RequestedState", (ushort)4).ShouldBe((ushort)4);
        WmiValues.ToWmi("Texts", new[] { "a" }).ShouldBe(new[] { "a" });
        WmiValues.ToWmi("Refs", new[] { CimObjectPath.ForKey("A", "K", "v") }).ShouldBe(new[] { "A.K=\"v\"" });
        WmiValues.ToWmi("None", null).ShouldBeNull();
    }

    [Fact]
    public void An_embedded_instance_as_an_argument_is_refused_since_hosts_want_text()
        => Should.Throw<ArgumentException>(() => WmiValues.ToWmi("ReplicationSettingData", new CimInstance(null, "C", [])))
            .Message.ShouldContain("ReplicationSettingData");
}
