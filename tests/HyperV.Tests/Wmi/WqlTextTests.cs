using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Tests.Wmi;

public sealed class WqlTextTests
{
    [Fact]
    public void Select_without_filters_takes_the_whole_class()
        => WqlText.Select("Msvm_ComputerSystem", []).ShouldBe("SELECT * FROM Msvm_ComputerSystem");

    [Fact]
    public void Select_joins_filters_of_every_kind()
        => WqlText.Select("C", [new("A", "x"), new("B", (ushort)3), new("D", true), new("E", DateTimeOffset.UnixEpoch)])
            .ShouldBe("SELECT * FROM C WHERE A='x' AND B=3 AND D=TRUE AND E='19700101000000.000000+000'");

    [Theory]
    [InlineData("o'brien", @"'o\'brien'")]
    [InlineData("say \"hi\"", "'say \"hi\"'")]
    [InlineData(@"Microsoft:X\HVR\0", @"'Microsoft:X\\HVR\\0'")]
    [InlineData(@"\' OR Name<>'", @"'\\\' OR Name<>\''")]
    public void Select_escapes_text(string value, string literal)
        => WqlText.Select("C", [new("A", value)]).ShouldBe($"SELECT * FROM C WHERE A={literal}");

    [Fact]
    public void Select_names_a_property_of_an_embedded_instance_with_a_dot()
        => WqlText.Select("C", [new("A.B", "x")]).ShouldBe("SELECT * FROM C WHERE A.B='x'");

    [Theory]
    [InlineData("A.")]
    [InlineData(".A")]
    [InlineData("A.B=1 OR A.C")]
    public void Filters_on_what_is_no_property_are_refused(string property)
        => Should.Throw<ArgumentException>(() => WqlText.Select("C", [new(property, "x")]));

    [Theory]
    [InlineData("Msvm_X WHERE 1=1")]
    [InlineData("1X")]
    [InlineData("")]
    public void Names_that_are_not_names_are_refused(string name)
    {
        Should.Throw<ArgumentException>(() => WqlText.Select(name, [])).Message.ShouldContain($"'{name}'");
        Should.Throw<ArgumentException>(() => WqlText.Select("C", [new(name, 1)]));
    }

    [Fact]
    public void Filter_with_a_value_that_wql_lacks_is_refused()
        => Should.Throw<ArgumentException>(() => WqlText.Select("C", [new("A", TimeSpan.Zero)])).Message.ShouldContain("TimeSpan");

    [Fact]
    public void Associators_names_association_and_result()
        => WqlText.Associators(CimObjectPath.ForKey("A", "K", @"x\y"), "Assoc", "Result")
            .ShouldBe(@"ASSOCIATORS OF {A.K=""x\\y""} WHERE AssocClass=Assoc ResultClass=Result");

    [Theory]
    [InlineData(2000, "2")]
    [InlineData(1500, "1.5")]
    public void Watch_writes_fractions_of_a_second_with_a_point(int milliseconds, string within)
        => WqlText.Watch("Msvm_ConcreteJob", TimeSpan.FromMilliseconds(milliseconds))
            .ShouldBe($"SELECT * FROM __InstanceOperationEvent WITHIN {within} WHERE TargetInstance ISA 'Msvm_ConcreteJob'");

    [Fact]
    public void Watch_refuses_an_interval_that_is_not_positive()
        => Should.Throw<ArgumentOutOfRangeException>(() => WqlText.Watch("C", TimeSpan.Zero));
}
