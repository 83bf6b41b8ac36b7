using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

public sealed class ParsedEstatesTests
{
    private static readonly string Text = EstateDocument.Write(EstateGenerator.Generate(hosts: 3, virtualMachinesPerHost: 2, seed: 7));

    private readonly ParsedEstates _estates = new();

    [Fact]
    public void Document_is_parsed_by_the_first_of_many_hosts_only()
    {
        var first = Parse(Text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var host = 0; host < 100; host++)
        {
            Parse(Text).ShouldBeSameAs(first);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 * 1024);
    }

    [Fact]
    public async Task Hosts_that_open_at_once_get_one_estate()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Parse(Text))));

        all.Distinct<Estate>(ReferenceEqualityComparer.Instance).Count().ShouldBe(1);
    }

    [Fact]
    public void Document_that_has_changed_is_parsed_again()
    {
        Parse(Text).Hosts.Count.ShouldBe(3);

        Parse(EstateDocument.Write(EstateGenerator.Generate(hosts: 4, virtualMachinesPerHost: 2, seed: 7))).Hosts.Count.ShouldBe(4);
    }

    [Fact]
    public void Error_names_the_document_of_the_host_that_asks()
    {
        _estates.Parse("kind: Estat", "one.yaml").Errors.ShouldNotBeEmpty();

        _estates.Parse("kind: Estat", "other.yaml").Errors.ShouldAllBe(error => error.Format("other.yaml").StartsWith("other.yaml"));
        _estates.Parse(Text, "other.yaml").Errors.ShouldBeEmpty();
    }

    private Estate Parse(string text) => _estates.Parse(text, "estate.yaml").Require();
}
