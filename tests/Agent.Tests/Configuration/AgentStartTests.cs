using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Tests.Support;
using HostAgent.Hosting;
using HostAgent.HyperV.Failback;
using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Agent.Tests.Configuration;

/// <summary>A start that cannot succeed says everything that is wrong, in readable lines.</summary>
public sealed class AgentStartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test authority", TimeProvider.System);
    private readonly MutualTlsOptions _files;

    public AgentStartTests() => _files = _authority.Issue(PeerRole.Agent, "hv-west-01", TimeSpan.FromDays(1)).WriteTo(_directory.Combine("pki"));

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Every_wrong_setting_is_named_with_its_value_and_what_is_allowed()
    {
        var lines = await LinesOfAsync(WithCertificates(
            "--listen", "nowhere", "--speed", "0", "--max-concurrent-failbacks", "0", "--HostAgent:MaxQueuedFailbacks", "many", "--HostAgent:Colour", "red",
            "--HostAgent:NoProgressAfter", "soon", "--HostAgent:AllowedReplicationStates:0", "x", "--certificate", "nowhere.pem"));

        lines.Count.ShouldBe(9);
        lines.ShouldContain("HostAgent:MaxQueuedFailbacks is 'many'; it must be a whole number from 0 to 10000.");
        lines.ShouldContain("HostAgent:NoProgressAfter is 'soon'; it must be a time (d.hh:mm:ss) of at least 00:00:01.");
        lines.ShouldContain("HostAgent:AllowedReplicationStates:0 is 'x'; it must be a whole number from 0 to 65535.");
        lines.ShouldContain(line => line.StartsWith("HostAgent:Colour is not a setting", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("nowhere.pem", StringComparison.Ordinal));
        lines.ShouldContain("HostAgent:Listen is 'nowhere'; it must be an IP address and a port, such as 0.0.0.0:7443 or [::]:7443.");
        lines.ShouldContain(line => line.StartsWith("HostAgent:MaxConcurrentFailbacks is '0'; it must be a whole number from 1 to 1000.", StringComparison.Ordinal));
        lines.ShouldAllBe(line => !line.Contains('\n'));
    }

    [Fact]
    public async Task Settings_of_the_preflight_are_held_to_their_ranges()
    {
        var lines = await LinesOfAsync(WithCertificates(
            "--HostAgent:CertificateExpiryWarning", "366.00:00:00", "--HostAgent:MinimumFreePercent", "101", "--HostAgent:CheckCertificateRevocation", "maybe"));

        lines.Count.ShouldBe(3);
        lines.ShouldContain("HostAgent:CertificateExpiryWarning is '366.00:00:00'; it must be a time (d.hh:mm:ss) from 00:00:00 to 365.00:00:00.");
        lines.ShouldContain("HostAgent:MinimumFreePercent is '101'; it must be a number from 0 to 100.");
        lines.ShouldContain(line => line.StartsWith("HostAgent:CheckCertificateRevocation is 'maybe'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Library_for_wmi_is_one_of_two()
        => (await LinesOfAsync(WithCertificates("--HostAgent:Wmi", "System-Management")))
            .ShouldContain("HostAgent:Wmi is 'System-Management'; it must be system-management or management-infrastructure.");

    [Fact]
    public void Settings_of_the_preflight_become_its_rules()
    {
        new AgentOptions().ToRules().ShouldBe(FailbackRules.Default);
        var rules = new AgentOptions { CertificateExpiryWarning = TimeSpan.FromDays(3), CheckCertificateRevocation = false, MinimumFreePercent = 25 }.ToRules();
        rules.CertificateExpiryWarning.ShouldBe(TimeSpan.FromDays(3));
        rules.CertificateRevocation.ShouldBe(X509RevocationMode.NoCheck);
        rules.MinimumFreePart.ShouldBe(0.25);
    }

    [Fact]
    public async Task Unknown_switch_stray_word_and_missing_value_are_refused_together()
    {
        var lines = await LinesOfAsync(WithCertificates("stray", "--colour", "red", "--data"));

        lines.Count.ShouldBe(3);
        lines[0].ShouldContain("stray");
        lines[1].ShouldContain("--colour");
        lines[2].ShouldContain("'--data' has no value");
    }

    [Fact]
    public async Task Missing_certificates_are_named() => (await LinesOfAsync("--data", _directory.Path)).ShouldContain(line => line.Contains("CertificatePath", StringComparison.Ordinal));

    [Fact]
    public async Task Machine_without_hyper_v_is_refused_in_one_line_that_names_the_simulation()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "This machine is a Windows one.");

        (await LinesOfAsync(WithCertificates())).ShouldHaveSingleItem().ShouldContain("--simulate");
    }

    [Fact]
    public async Task Host_that_the_estate_does_not_have_is_refused_with_those_it_has()
    {
        var estate = WriteEstate();

        (await LinesOfAsync(WithCertificates([.. CertificateOf(PeerRole.Agent, "hv-nowhere"), "--simulate", estate, "--host", "hv-nowhere"]))).ShouldHaveSingleItem().ShouldContain("hv-west-01");
    }

    [Theory]
    [InlineData(PeerRole.Coordinator, "main", "is that of failback://coordinator/main, which does not have the role agent: every caller refuses it.")]
    [InlineData(PeerRole.Operator, "maria", "is that of failback://operator/maria, which does not have the role agent: every caller refuses it.")]
    [InlineData(PeerRole.Agent, "hv-west-02", "is that of failback://agent/hv-west-02, but the host is 'hv-west-01' (HostAgent:Host): an agent needs the certificate of its own host.")]
    public async Task Certificate_of_somebody_else_is_refused_in_one_line(PeerRole role, string name, string ending)
        => (await LinesOfAsync(WithCertificates([.. CertificateOf(role, name), "--simulate", WriteEstate()]))).ShouldHaveSingleItem().ShouldEndWith(ending);

    [Fact]
    public async Task Certificate_may_name_the_host_with_its_domain()
    {
        await using var application = await AgentApplication.CreateAsync(WithCertificates([.. CertificateOf(PeerRole.Agent, "hv-west-01.corp.example"), "--simulate", WriteEstate()]));

        application.Services.GetRequiredService<MutualTlsIdentity>().Peer.Name.ShouldBe("hv-west-01.corp.example");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Data_directory_that_other_accounts_can_change_is_refused_with_its_mode()
    {
        const UnixFileMode everything = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_directory.Path, everything);
        var data = Directory.CreateDirectory(_directory.Combine("data")).FullName;
        File.SetUnixFileMode(data, everything);

        (await LinesOfAsync(WithCertificates("--simulate", WriteEstate()))).ShouldHaveSingleItem()
            .ShouldBe($"HostAgent:Data: directory '{data}' has mode 0777, which lets other accounts change its contents; it must be 0700 (chmod 700).");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Data_directory_that_the_agent_makes_is_for_it_alone()
    {
        await using var application = await AgentApplication.CreateAsync(WithCertificates("--simulate", WriteEstate()));

        File.GetUnixFileMode(_directory.Combine("data")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Estate_with_errors_is_refused_with_each_of_them_and_its_line()
    {
        var estate = _directory.Combine("bad.yaml");
        File.WriteAllText(estate, "apiVersion: failback/v1\nkind: Estate\nhosts:\n- name: hv-west-01\n  colour: red\n  linkMegabitsPerSecond: -1\n");

        var lines = await LinesOfAsync(WithCertificates("--simulate", estate, "--host", "hv-west-01"));

        lines.Count.ShouldBeGreaterThanOrEqualTo(2);
        lines.ShouldAllBe(line => line.StartsWith(estate, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Agent_on_an_estate_document_starts_and_announces_itself()
    {
        await using var application = await AgentApplication.CreateAsync([.. WithCertificates("--simulate", WriteEstate(), "--host", "hv-west-01", "--speed", "100")]);

        await application.StartAsync();

        application.Urls.ShouldHaveSingleItem().ShouldStartWith("https://127.0.0.1:");
        await application.StopAsync();
    }

    [Fact]
    public async Task Settings_file_gives_what_the_command_line_does_not_say()
    {
        var settings = _directory.Combine("agent.json");
        File.WriteAllText(settings, System.Text.Json.JsonSerializer.Serialize(new
        {
            HostAgent = new
            {
                Listen = "nowhere",
                Data = _directory.Combine("data"),
                Simulate = WriteEstate(),
                Host = "hv-west-01",
                Speed = 100,
                _files.CertificatePath,
                _files.PrivateKeyPath,
                _files.AuthorityPath,
            },
        }));

        await using var application = await AgentApplication.CreateAsync(["--settings", settings, "--listen", "127.0.0.1:0", "--Logging:LogLevel:Default", "Critical"]);

        await application.StartAsync();
        application.Urls.ShouldHaveSingleItem().ShouldStartWith("https://127.0.0.1:");
        await application.StopAsync();
    }

    [Fact]
    public async Task Settings_file_that_does_not_exist_is_refused_by_name()
        => (await LinesOfAsync(WithCertificates("--settings", _directory.Combine("none.json")))).ShouldHaveSingleItem().ShouldContain("none.json'; it must be the path of an existing JSON file");

    [Theory]
    [InlineData("{ \"HostAgent\": ")]
    [InlineData("HostAgent: 1")]
    [InlineData("")]
    public async Task Settings_file_that_is_no_json_is_refused_in_one_line(string text)
    {
        var settings = _directory.Combine("agent.json");
        File.WriteAllText(settings, text);

        var line = (await LinesOfAsync(WithCertificates("--settings", settings))).ShouldHaveSingleItem();

        line.ShouldStartWith($"--settings is '{settings}', which cannot be read: ");
        line.ShouldNotContain('\n');
    }

    private string[] CertificateOf(PeerRole role, string name)
    {
        var files = _authority.Issue(role, name, TimeSpan.FromDays(1)).WriteTo(_directory.Combine("pki"));
        return ["--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!];
    }

    private string WriteEstate()
    {
        var path = _directory.Combine("estate.yaml");
        File.WriteAllText(path, HyperV.Simulation.Estates.EstateDocument.Write(HyperV.Simulation.Estates.EstateGenerator.Generate(1, 2, 7)));
        return path;
    }

    private string[] WithCertificates(params string[] more) =>
    [
        "--listen", "127.0.0.1:0", "--data", _directory.Combine("data"), "--certificate", _files.CertificatePath!,
        "--private-key", _files.PrivateKeyPath!, "--authority", _files.AuthorityPath!, "--host", "hv-west-01", "--Logging:LogLevel:Default", "Critical", .. more,
    ];

    private static async Task<IReadOnlyList<string>> LinesOfAsync(params string[] arguments)
        => (await Should.ThrowAsync<StartException>(() => AgentApplication.CreateAsync(arguments))).Lines;
}
