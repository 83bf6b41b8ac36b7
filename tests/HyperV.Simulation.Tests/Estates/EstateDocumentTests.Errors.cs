using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

/// <content>Documents that are refused.</content>
public sealed partial class EstateDocumentTests
{
    [Theory]
    [InlineData("certificates: [{ name: a, expiresIn: 1d, expiredFor: 1d }]", "either expiresIn or expiredFor")]
    [InlineData("certificates: [{ name: a, startsIn: 2d, expiresIn: 1d }]", "before the certificate expires")]
    [InlineData("certificates: [{ name: a, startsIn: 2d, expiredFor: 1d }]", "before the certificate expires")]
    [InlineData("certificates: [{ name: a }, { name: a }]", "unique")]
    [InlineData("certificates: [{ name: a, dnsNames: [not a name] }]", "a DNS name")]
    [InlineData("certificates: [{ name: a, dnsNames: [10.0.0.7] }]", "a DNS name")]
    [InlineData("certificates: [{ name: a, usages: [both] }]", "clientAuthentication")]
    [InlineData("cluster: { name: a cluster with a long name }", "letters, digits and hyphens")]
    [InlineData("cluster: { name: CL, broker: gone }", "missing")]
    [InlineData("volumes: [{ name: 'C:' }]", "backslash at its end")]
    [InlineData("volumes: [{ name: 'C:\\', capacityGigabytes: 10, freeGigabytes: 11 }]", "10")]
    public void What_surrounds_a_host_is_refused_by_name(string line, string allowed)
        => EstateDocument.Parse($"apiVersion: failback/v1\nkind: Estate\nhosts:\n  - name: hv-1\n    {line}\n", "bad.yaml")
            .Errors.ShouldHaveSingleItem().Allowed.ShouldContain(allowed);

    [Fact]
    public void All_errors_are_reported_at_once_with_their_places()
    {
        const string Text = """
            apiVersion: failback/v2
            kind: Estate
            hosts:
              - name: a host with a space
                linkMegabitsPerSecond: 0
                provder: external
                virtualMachines:
                  - diskGigabytes: 10
                    changedGigabytes: 11
                    state: Waiting
                    faults:
                      - { kind: explodes }
                      - { kind: answers, code: 4096 }
                      - { kind: jobEnds, jobState: 4 }
                      - { kind: emptyResult }
              - name: hv-1
                virtualMachines:
                  - { name: a, id: 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10 }
                  - { name: b, id: 8F14E45F-CEEA-467F-A0E6-0B1C6A3F9A10 }
              - name: HV-1
            """;
        var result = EstateDocument.Parse(Text, "bad.yaml");
        result.IsValid.ShouldBeFalse();
        result.Errors.Select(error => $"{error.Line} {error.Path}").ShouldBe(
        [
            "1 apiVersion",
            "4 hosts[0].name",
            "5 hosts[0].linkMegabitsPerSecond",
            "6 hosts[0].provder",
            "8 hosts[0].virtualMachines[0].name",
            "9 hosts[0].virtualMachines[0].changedGigabytes",
            "10 hosts[0].virtualMachines[0].state",
            "12 hosts[0].virtualMachines[0].faults[0].kind",
            "13 hosts[0].virtualMachines[0].faults[1].code",
            "14 hosts[0].virtualMachines[0].faults[2].jobState",
            "15 hosts[0].virtualMachines[0].faults[3].kind",
            "19 hosts[1].virtualMachines[1].id",
            "20 hosts[2].name",
        ]);
        result.Errors.ShouldAllBe(error => error.Allowed.Length > 0);
    }

    [Theory]
    [InlineData("apiVersion: failback/v1\nkind: Estate\n", "hosts, generate or both")]
    [InlineData("apiVersion: failback/v1\nkind: Estate\nhosts: []\n", "at least 1")]
    [InlineData("apiVersion: failback/v1\nkind: Estate\ngenerate: { hosts: 0, virtualMachines: 1 }\n", "from 1 to 10000")]
    [InlineData("", "mapping")]
    public void An_estate_without_hosts_is_refused(string text, string allowed)
        => EstateDocument.Parse(text, "bad.yaml").Errors.ShouldHaveSingleItem().Allowed.ShouldContain(allowed);

    [Theory]
    [InlineData("platform: windowsServer2012R2", "platform: windowsServer2012", "sql-01 has an extended replica")]
    [InlineData("state: committed", "state: updateCritical", "sql-01 is UpdateCritical")]
    public void What_the_platform_does_not_have_is_refused(string good, string bad, string error)
    {
        var found = EstateDocument.Parse(Full.Replace(good, bad, StringComparison.Ordinal), "bad.yaml").Errors.ShouldHaveSingleItem();
        found.Path.ShouldBe("hosts[0].platform");
        found.Message.ShouldContain(error);
    }

    [Theory]
    [InlineData("allowedPrimaryHostSystem: hv-main.example", "allowedPrimaryHostSystem: 10.0.0.1", "a DNS name")]
    [InlineData("allowedPrimaryHostSystem: hv-main.example", "allowedPrimaryHostSystem: '*.MAIN.example'", "one entry for each")]
    [InlineData("'E:\\Replicas'", "Replicas", "an absolute Windows path")]
    [InlineData("monitoringInterval: 6h", "monitoringInterval: 59m", "1h")]
    public void An_error_about_the_replica_server_names_what_is_allowed(string good, string bad, string allowed)
        => EstateDocument.Parse(Full.Replace(good, bad, StringComparison.Ordinal), "bad.yaml").Errors.ShouldHaveSingleItem().Allowed.ShouldContain(allowed);

    [Fact]
    public void An_order_of_checks_that_leaves_one_out_is_refused()
        => EstateDocument.Parse(Full.Replace("[access, computerSystem,", "[access,", StringComparison.Ordinal), "bad.yaml")
            .Errors.ShouldHaveSingleItem().Allowed.ShouldContain("computerSystem");
}
