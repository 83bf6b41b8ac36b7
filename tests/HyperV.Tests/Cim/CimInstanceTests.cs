using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Tests.Cim;

public sealed class CimInstanceTests
{
    private static CimInstance With(object? value) => new(null, "C", [new("P", value)]);

    [Fact]
    public void Names_compare_without_case_and_unknown_ones_read_as_null()
    {
        With("x")["p"].ShouldBe("x");
        With("x").GetString("Q").ShouldBeNull();
    }

    [Fact]
    public void Integers_of_every_width_are_read()
    {
        object[] widths = [(byte)7, (sbyte)7, (short)7, (ushort)7, 7, 7U, 7L, 7UL];
        widths.ShouldAllBe(w => With(w).GetInteger("P") == 7);
        Should.Throw<CimDataException>(() => With(ulong.MaxValue).GetInteger("P"));
    }

    [Fact]
    public void A_wrong_type_names_class_and_property()
    {
        Should.Throw<CimDataException>(() => With(1).GetString("P")).Message.ShouldBe("C.P cannot be used: it is a Int32, expected a string.");
        Should.Throw<CimDataException>(() => With("x").GetInteger("P"));
        Should.Throw<CimDataException>(() => With("x").GetBoolean("P"));
        Should.Throw<CimDataException>(() => With("x").GetDateTime("P"));
        Should.Throw<CimDataException>(() => With("x").GetInterval("P"));
        Should.Throw<CimDataException>(() => With(TimeSpan.FromSeconds(1)).GetDateTime("P"));
    }

    [Fact]
    public void Both_ways_of_writing_never_read_as_null()
    {
        With(DateTimeOffset.FromFileTime(0)).GetDateTime("P").ShouldBeNull();
        With(TimeSpan.Zero).GetDateTime("P").ShouldBeNull();
        With(DateTimeOffset.UnixEpoch).GetDateTime("P").ShouldBe(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void Properties_are_handed_over_only_when_their_names_compare_as_in_CIM()
    {
        var instance = CimInstance.Owning(path: null, "Msvm_X", new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["Name"] = "a" });
        (instance.ClassName, instance["NAME"], instance["Other"]).ShouldBe(("Msvm_X", "a", null));
        Should.Throw<ArgumentException>(() => CimInstance.Owning(path: null, "Msvm_X", new Dictionary<string, object?>())).Message.ShouldContain("Msvm_X");
        Should.Throw<ArgumentException>(() => CimInstance.Owning(path: null, " ", new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)));
    }
}
