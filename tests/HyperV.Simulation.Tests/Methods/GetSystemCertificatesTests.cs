using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class GetSystemCertificatesTests
{
    [Fact]
    public async Task The_hosts_certificates_are_as_described()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with
        {
            Certificates =
            [
                new() { Name = "default" },
                new() { Name = "old", ExpiresIn = TimeSpan.FromDays(-2), Usages = [SimulatedCertificateUsage.ServerAuthentication] },
                new() { Name = "new", DnsNames = ["broker.contoso.test", "*.contoso.test"], StartsIn = TimeSpan.FromHours(1), ExpiresIn = TimeSpan.FromDays(30), Usages = [] },
            ],
        });
        var certificates = await ListAsync(stage);
        certificates.Select(certificate => string.Join(' ', certificate.Names)).ShouldBe(["hv-west-01.recovery.example", "hv-west-01.recovery.example", "broker.contoso.test *.contoso.test"]);
        certificates.Select(certificate => certificate.NotBefore <= Stage.Began).ShouldBe([true, true, false]);
        certificates.Select(certificate => certificate.NotAfter - Stage.Began).ShouldBe([TimeSpan.FromDays(365), TimeSpan.FromDays(-2), TimeSpan.FromDays(30)]);
        certificates.Select(certificate => certificate.Usages?.Count).ShouldBe([2, 1, null]);
        certificates[1].Allows(HostCertificate.ClientAuthentication).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_certificates_and_another_seed_others()
    {
        var thumbprints = new List<string>();
        foreach (var seed in new[] { 1, 1, 2 })
        {
            await using var stage = await Stage.OpenAsync(options: new SimulationOptions { Seed = seed });
            thumbprints.Add((await ListAsync(stage)).ShouldHaveSingleItem().Thumbprint);
        }

        thumbprints[1].ShouldBe(thumbprints[0]);
        thumbprints[2].ShouldNotBe(thumbprints[0]);
    }

    [Fact]
    public async Task Settings_name_the_hosts_first_certificate_the_one_described_or_one_elsewhere()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine(), Stage.Machine("b", 2) with { Certificate = "second" }, Stage.Machine("c", 3) with { Certificate = "no such" },
            Stage.Machine("d", 4) with { Authentication = AuthenticationType.Kerberos }) with
        {
            Certificates = [new() { Name = "first" }, new() { Name = "second" }],
        });
        var certificates = await ListAsync(stage);
        var settings = new List<ReplicationSettingData>();
        foreach (var machine in stage.Host.Description.VirtualMachines)
        {
            settings.Add((await stage.Door.GetReplicationSettingsAsync(new VirtualMachineId(machine.Id), Stage.Token)).ShouldNotBeNull());
        }

        settings[0].CertificateThumbPrint.ShouldBe(certificates[0].Thumbprint);
        settings[1].CertificateThumbPrint.ShouldBe(certificates[1].Thumbprint);
        settings[2].CertificateThumbPrint.ShouldNotBeNull().Length.ShouldBe(40);
        certificates.ShouldNotContain(certificate => certificate.Thumbprint == settings[2].CertificateThumbPrint);
        settings[3].CertificateThumbPrint.ShouldBeNull();
        settings.Select(each => each.RecoveryServerPortNumber).ShouldBe([443, 443, 443, 80]);
    }

    private static async Task<List<HostCertificate>> ListAsync(Stage stage)
    {
        var service = (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Stage.Token)).ShouldHaveSingleItem();
        var result = await stage.Session.InvokeMethodAsync(service.Path!, "GetSystemCertificates", new Dictionary<string, object?>(), Stage.Token);
        result.ReturnValue.ShouldBe(0u);
        return [.. result.Outputs["EncodedCertificates"].ShouldBeOfType<string[]>().Select(text =>
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text));
            certificate.HasPrivateKey.ShouldBeFalse();
            return HostCertificate.Of(certificate);
        })];
    }
}
