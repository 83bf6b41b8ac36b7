using HostAgent.Coordinator.Inventory;

namespace HostAgent.Coordinator.Tests.Inventory;

public sealed class InventoryDocumentTests
{
    [Fact]
    public void Read_gives_the_hosts_with_all_that_is_said_of_them()
    {
        var result = Read("""
            apiVersion: failback/v1
            kind: Inventory
            hosts:
              - {name: hv-west-01, address: 'https://10.0.0.1:7443', site: west, primarySite: east, tenant: acme, labels: {rack: r12}}
              - {name: hv-west-02, address: 'https://hv-west-02.example:7443'}
            """);

        var hosts = result.Require();
        hosts[0].Name.ShouldBe("hv-west-01");
        hosts[0].Address.ShouldBe(new Uri("https://10.0.0.1:7443"));
        (hosts[0].Site, hosts[0].PrimarySite, hosts[0].Tenant, hosts[0].Labels["rack"]).ShouldBe(("west", "east", "acme", "r12"));
        (hosts[1].Site, hosts[1].PrimarySite, hosts[1].Tenant, hosts[1].Labels.Count).ShouldBe(("", "", "", 0));
    }

    [Fact]
    public void Read_reports_every_error_with_its_line()
    {
        var result = Read("""
            apiVersion: failback/v1
            kind: Inventory
            hosts:
              - {name: hv-west-01, address: 'https://10.0.0.1:7443'}
              - {name: HV-WEST-01, address: 'https://10.0.0.2:7443'}
              - {name: hv-west-03, address: 'https://10.0.0.1:7443'}
              - {name: 'hv west', address: 'http://10.0.0.4:7443'}
              - {name: hv-west-05, address: 'https://10.0.0.5:7443/path', colour: blue}
              - {address: 'https://10.0.0.6:7443'}
            """);

        result.Errors.Select(error => (error.Path, error.Line)).ShouldBe(
        [
            ("hosts[1].name", 5),
            ("hosts[2].address", 6),
            ("hosts[3].name", 7),
            ("hosts[3].address", 7),
            ("hosts[4].address", 8),
            ("hosts[4].colour", 8),
            ("hosts[5].name", 9),
        ]);
        result.Errors[0].Message.ShouldContain("hosts[0].name");
    }

    [Fact]
    public void Read_insists_on_at_least_one_host()
    {
        Read("apiVersion: failback/v1\nkind: Inventory\nhosts: []\n").Errors.ShouldHaveSingleItem().Path.ShouldBe("hosts");
    }

    [Theory]
    [InlineData("site")]
    [InlineData("primarySite")]
    [InlineData("tenant")]
    public void Read_refuses_blanks_around_a_name_that_selectors_compare(string key)
        => Read($"apiVersion: failback/v1\nkind: Inventory\nhosts:\n  - {{name: a, address: 'https://a:1', {key}: ' west'}}\n").Errors.ShouldHaveSingleItem().Message
            .ShouldBe($"hosts[0].{key} is ' west'; it must be a text without blanks before or after it.");

    [Fact]
    public void Read_composes_names_so_that_one_site_is_one_site()
    {
        var hosts = Read("apiVersion: failback/v1\nkind: Inventory\nhosts:\n  - {name: a, address: 'https://a:1', site: m\u00FCnchen}\n  - {name: b, address: 'https://b:1', site: mu\u0308nchen}\n").Require();
        hosts[1].Site.ShouldBe(hosts[0].Site);
    }

    [Fact]
    public void Read_is_bounded()
    {
        var hosts = string.Concat(Enumerable.Range(0, 20_001).Select(number => $"  - {{name: h{number}, address: 'https://h{number}:1'}}\n"));
        Read("apiVersion: failback/v1\nkind: Inventory\nhosts:\n" + hosts).Errors.ShouldHaveSingleItem().Message.ShouldBe("hosts has 20001 elements; it may have at most 20000.");
    }

    private static Documents.DocumentResult<IReadOnlyList<InventoryHost>> Read(string text) => InventoryDocument.Read(text, "hosts.yaml");
}
