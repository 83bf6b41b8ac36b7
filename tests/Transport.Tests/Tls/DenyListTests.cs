using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Options;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>The file that takes certificates back.</summary>
public sealed class DenyListTests : IDisposable
{
    private static readonly string Key = new('A', 64);

    private readonly Pki _pki = new();

    [Theory]
    [InlineData("serial:0A1B")]
    [InlineData("serial:a1b")]
    [InlineData("SERIAL: 0a:1b")]
    [InlineData("uri:failback://operator/maria")]
    [InlineData("uri:FAILBACK://Operator/MARIA  # left in May")]
    [InlineData("spki:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Entry_denies_its_peer_however_it_is_written(string entry)
    {
        var list = Read($"# who has left\n\n{entry}\n", out var errors);

        errors.ShouldBeEmpty();
        list.EntryAgainst(Peer("maria", "0A1B", Key)).ShouldNotBeNull();
        list.EntryAgainst(Peer("olga", "0A1C", new string('B', 64))).ShouldBeNull();
    }

    [Theory]
    [InlineData("maria")]
    [InlineData("serial:")]
    [InlineData("serial:xyz")]
    [InlineData("spki:AA")]
    [InlineData("uri:https://operator/maria")]
    [InlineData("uri:failback://boss/maria")]
    [InlineData("name:maria")]
    public void Bad_line_is_named_with_file_and_number(string entry)
    {
        Read($"serial:1\n{entry}\n", out var errors);

        errors.ShouldBe([
            $"file '{Path}', line 2: '{entry}' is not an entry; allowed are serial:HEX, spki:SHA256HEX (64 hexadecimal digits) or uri:failback://ROLE/NAME, one a line, and comments after #",
        ]);
    }

    [Fact]
    public void Start_with_a_bad_list_tells_it_beside_every_other_error()
    {
        File.WriteAllText(Path, "nonsense\n");
        var options = _pki.Files(PeerRole.Agent, "hv-01");
        (options.DeniedPath, options.PrivateKeyPath) = (Path, _pki.PathOf("missing.pem"));

        var failures = Should.Throw<OptionsValidationException>(() => MutualTlsIdentity.Load(options, _pki.Clock, "HostAgent")).Failures.ToList();

        failures[0].ShouldStartWith("HostAgent:PrivateKeyPath: ");
        failures[1].ShouldStartWith($"HostAgent:DeniedCertificates: file '{Path}', line 1: 'nonsense' is not an entry");
    }

    [Fact]
    public void Start_with_a_missing_list_is_refused()
    {
        var options = _pki.Files(PeerRole.Agent, "hv-01");
        options.DeniedPath = Path;

        Should.Throw<OptionsValidationException>(() => MutualTlsIdentity.Load(options, _pki.Clock, "HostAgent")).Failures
            .ShouldBe([$"HostAgent:DeniedCertificates: file '{Path}' does not exist"]);
    }

    public void Dispose() => _pki.Dispose();

    private string Path => _pki.PathOf("denied.txt");

    private DenyList Read(string text, out List<string> errors)
    {
        File.WriteAllText(Path, text);
        errors = [];
        return DenyList.Read(Path, errors);
    }

    private static ProvenPeer Peer(string name, string serial, string key)
        => new(new PeerIdentity(PeerRole.Operator, name, "") { SerialNumber = serial }, Pki.Start.AddDays(1), [key]);
}
