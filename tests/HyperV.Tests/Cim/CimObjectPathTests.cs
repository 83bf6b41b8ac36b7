using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Tests.Cim;

public sealed class CimObjectPathTests
{
    [Property]
    public Property A_path_is_read_back_equal()
    {
        var names = Gen.Elements("InstanceID", "Name", "CreationClassName", "K1", "_x");
        var values = Gen.OneOf(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => (object)s.Get),
            ArbMap.Default.GeneratorFor<long>().Select(n => (object)n),
            ArbMap.Default.GeneratorFor<bool>().Select(b => (object)b));
        var keys = names.Zip(values).ListOf().Select(l => l.DistinctBy(k => k.Item1).Select(k => KeyValuePair.Create(k.Item1, k.Item2)).ToList());
        var paths =
            from k in keys
            from server in Gen.Elements(null, ".", "HV-01", "hv.contoso.test")
            select new CimObjectPath("Msvm_ConcreteJob", k, server is null ? null : @"root\virtualization\v2", server);
        return Prop.ForAll(paths.ToArbitrary(), path =>
        {
            var read = CimObjectPath.Parse(path.ToString());
            return read.Equals(path) && read.ToString() == path.ToString() && read.GetHashCode() == path.GetHashCode();
        });
    }

    [Fact]
    public void A_job_path_as_a_host_writes_it_is_read()
    {
        var path = CimObjectPath.Parse(@"\\HV-01\root\virtualization\v2:Msvm_ConcreteJob.InstanceID=""E4C92FB5-794B-4658-9506-ED47287B239C""");
        path.Server.ShouldBe("HV-01");
        path.Namespace.ShouldBe(@"root\virtualization\v2");
        path.ClassName.ShouldBe("Msvm_ConcreteJob");
        path.Keys["instanceid"].ShouldBe("E4C92FB5-794B-4658-9506-ED47287B239C");
    }

    [Fact]
    public void Backslashes_and_quotes_in_keys_survive()
        => CimObjectPath.Parse(@"Msvm_ReplicationRelationship.InstanceID=""Microsoft:X\\HVR\\0""").Keys["InstanceID"].ShouldBe(@"Microsoft:X\HVR\0");

    [Fact]
    public void Paths_with_and_without_a_server_are_equal_when_the_rest_is()
        => CimObjectPath.Parse(@"\\H\root\virtualization\v2:C.K=""a""").ShouldBe(CimObjectPath.Parse(@"C.k=""A"""));

    [Theory]
    [InlineData("")]
    [InlineData(@"\\HOST")]
    [InlineData(@"\\HOST\root")]
    [InlineData("C.K=")]
    [InlineData("C.K=\"open")]
    [InlineData("C.=1")]
    [InlineData("C.K=\"a\"K2=1")]
    [InlineData("C D.K=1")]
    public void What_is_not_a_path_is_refused(string text)
        => Should.Throw<FormatException>(() => CimObjectPath.Parse(text)).Message.ShouldContain("not a CIM object path");

    [Property]
    public void No_text_breaks_the_reader_other_than_by_a_format_error(NonNull<string> text)
    {
        try
        {
            CimObjectPath.Parse(text.Get);
        }
        catch (FormatException)
        {
            // The one error that may come out.
        }
    }
}
