using System.Runtime.Versioning;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Hosting;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Hosting;

public sealed class CoordinatorApplicationTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("start-");

    public void Dispose()
    {
        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Create_without_settings_names_every_one_that_is_missing()
    {
        var refusal = Should.Throw<StartException>(() => CoordinatorApplication.Create([]));

        refusal.Lines.Count.ShouldBe(5);
        foreach (var key in (string[])["Data", "Inventory", "Certificate", "PrivateKey", "Authority"])
        {
            refusal.Lines.ShouldContain(line => line.StartsWith($"Coordinator:{key} is not set", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--listen", "nowhere", "Coordinator:Listen is 'nowhere'")]
    [InlineData("--Coordinator:CallTimeout", "00:10:00", "Coordinator:CallTimeout is '00:10:00'")]
    [InlineData("--Coordinator:ConcurrentHostCalls", "0", "Coordinator:ConcurrentHostCalls is '0'")]
    [InlineData("--Coordinator:Colour", "blue", "Colour")]
    [InlineData("--Coordinator:CallTimeout", "soon", "CallTimeout")]
    [InlineData("--inventory", "/nowhere.yaml", "Coordinator:Inventory is '/nowhere.yaml'")]
    public void Create_with_a_wrong_setting_names_key_and_value(string name, string value, string expected)
    {
        var refusal = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), name, value]));

        refusal.Lines.ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Theory]
    [InlineData("--verbose", "is not a switch")]
    [InlineData("listen", "is not a switch")]
    [InlineData("--data", "has no value")]
    public void Create_with_a_wrong_switch_names_it(string name, string expected)
    {
        Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), name])).Lines.ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public void Create_names_all_that_is_wrong_at_once()
    {
        var lines = Should.Throw<StartException>(() => CoordinatorApplication.Create(
        [
            .. Switches(), "--verbose", "--Coordinator:Colour", "blue", "--Coordinator:CallTimeout", "soon", "--Coordinator:SnapshotEvents", "0",
            "--Coordinator:ReconnectDelay", "00:00:50", "--Coordinator:MaxReconnectDelay", "00:00:40", "--inventory", "/nowhere.yaml",
        ])).Lines;

        lines.Count.ShouldBe(6);
        lines[0].ShouldStartWith("'--verbose' is not a switch");
        lines.ShouldContain(line => line.StartsWith("Coordinator:Colour is not a setting", StringComparison.Ordinal));
        lines.ShouldContain("Coordinator:CallTimeout is 'soon'; it must be a time (d.hh:mm:ss) from 00:00:01 to 00:05:00.");
        lines.ShouldContain("Coordinator:SnapshotEvents is '0'; it must be a whole number from 1 to 1000000.");
        lines.ShouldContain("Coordinator:MaxReconnectDelay is '00:00:40'; it must be a time (d.hh:mm:ss) from 00:00:50, which is ReconnectDelay, to 00:10:00.");
        lines.ShouldContain("Coordinator:Inventory is '/nowhere.yaml'; it must be the path of an existing file, the inventory of hosts.");
    }

    [Fact]
    public void Create_with_the_certificate_of_somebody_else_is_refused()
    {
        var files = _pki.Files(PeerRole.Agent, "hv-west-01");

        var refusal = Should.Throw<StartException>(() => CoordinatorApplication.Create(
            [.. Switches(), "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!]));

        refusal.Lines.ShouldHaveSingleItem().ShouldContain("failback://agent/hv-west-01");
    }

    [Fact]
    public void Create_with_a_wrong_inventory_names_file_line_and_every_error()
    {
        var inventory = Path.Combine(_directory.FullName, "wrong.yaml");
        File.WriteAllText(inventory, "apiVersion: failback/v1\nkind: Inventory\nhosts:\n  - {name: a b, address: 'https://10.0.0.1:1'}\n  - {name: c}\n");

        var refusal = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), "--inventory", inventory]));

        refusal.Lines.Count.ShouldBe(2);
        refusal.Lines[0].ShouldStartWith($"{inventory}:4:");
        refusal.Lines[1].ShouldStartWith($"{inventory}:5:");
    }

    [Fact]
    public void Create_on_a_store_that_is_none_is_refused_and_gives_the_directory_back()
    {
        var data = Path.Combine(_directory.FullName, "data");
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(data, "campaigns.db"), new string('x', 4096));

        for (var attempt = 0; attempt < 2; attempt++)
        {
            Should.Throw<StartException>(() => CoordinatorApplication.Create(Switches())).Lines.ShouldHaveSingleItem().ShouldContain("campaigns.db");
        }
    }

    [Fact]
    public void Create_names_the_certificate_files_as_its_own_settings()
    {
        var foreign = _pki.Files(PeerRole.Agent, "hv-west-01");

        var refusal = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), "--private-key", foreign.PrivateKeyPath!]));

        refusal.Lines.ShouldHaveSingleItem().ShouldStartWith($"Coordinator:PrivateKey: file '{foreign.PrivateKeyPath}' does not hold the private key of the certificate");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Create_on_a_data_directory_that_other_accounts_can_change_is_refused()
    {
        const UnixFileMode everything = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_directory.FullName, everything);
        var data = Directory.CreateDirectory(Path.Combine(_directory.FullName, "data")).FullName;
        File.SetUnixFileMode(data, everything);

        Should.Throw<StartException>(() => CoordinatorApplication.Create(Switches())).Lines.ShouldHaveSingleItem()
            .ShouldBe($"Coordinator:Data: directory '{data}' has mode 0777, which lets other accounts change its contents; it must be 0700 (chmod 700).");
    }

    private string[] Switches()
    {
        var files = _pki.Files(PeerRole.Coordinator, "coordinator");
        var inventory = Path.Combine(_directory.FullName, "hosts.yaml");
        File.WriteAllText(inventory, "apiVersion: failback/v1\nkind: Inventory\nhosts: [{name: hv-west-01, address: 'https://127.0.0.1:1'}]\n");
        return
        [
            "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, "data"), "--inventory", inventory,
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
            "--Logging:LogLevel:Default", "None",
        ];
    }
}
