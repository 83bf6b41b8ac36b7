using System.Runtime.Versioning;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Options;

namespace HostAgent.Transport.Tests;

/// <summary>Secrets that other accounts can read are refused, and directories that they can change. Modes are a matter of Unix.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OwnerOnlyTests : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Pki _pki = new();

    public OwnerOnlyTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead of modes.");

    [Theory]
    [InlineData("600", true)]
    [InlineData("400", true)]
    [InlineData("640", false)]
    [InlineData("604", false)]
    [InlineData("666", false)]
    [InlineData("620", false)]
    public void Private_key_that_others_can_get_at_is_refused_with_its_mode(string mode, bool isGood)
    {
        var options = _pki.Files(PeerRole.Agent, "hv-01");
        Chmod(_pki.PathOf("."), Open);
        Chmod(options.PrivateKeyPath!, (UnixFileMode)Convert.ToInt32(mode, 8));

        if (isGood)
        {
            MutualTlsIdentity.Load(options, _pki.Clock).Dispose();
            return;
        }

        Should.Throw<OptionsValidationException>(() => MutualTlsIdentity.Load(options, _pki.Clock, "HostAgent")).Failures.ShouldBe([
            $"HostAgent:PrivateKeyPath: file '{options.PrivateKeyPath}' has mode 0{mode}, which gives other accounts access to it; it must be 0600 or 0400 (chmod 600)",
        ]);
    }

    [Fact]
    public void Directory_that_no_other_account_can_pass_protects_what_is_below_it()
    {
        var options = _pki.Files(PeerRole.Agent, "hv-01");
        Chmod(options.PrivateKeyPath!, (UnixFileMode)0b110_110_110);

        OwnerOnly.ErrorOfSecret(options.PrivateKeyPath!).ShouldBeNull();
    }

    [Fact]
    public void Link_in_a_closed_directory_does_not_hide_an_open_file()
    {
        using var open = new Pki();
        var options = open.Files(PeerRole.Agent, "hv-01");
        Chmod(open.PathOf("."), Open);
        Chmod(options.PrivateKeyPath!, (UnixFileMode)0b110_100_100);
        var link = _pki.PathOf("link");
        Directory.CreateSymbolicLink(link, open.PathOf(""));

        OwnerOnly.ErrorOfSecret(Path.Combine(link, "agent-hv-01-key.pem")).ShouldNotBeNull().ShouldContain("has mode 0644");
    }

    [Fact]
    public void Directory_is_made_for_the_owner_only_and_one_that_others_can_change_is_told()
    {
        Chmod(_pki.PathOf("."), Open);
        var data = _pki.PathOf("a/b/data");

        OwnerOnly.ErrorOfDirectory(data).ShouldBeNull();
        OwnerOnly.CreateDirectory(data);
        File.GetUnixFileMode(data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var shared = _pki.PathOf("shared");
        Directory.CreateDirectory(shared);
        Chmod(shared, Open | UnixFileMode.GroupWrite);
        OwnerOnly.ErrorOfDirectory(shared).ShouldBe($"directory '{shared}' has mode 0731, which lets other accounts change its contents; it must be 0700 (chmod 700)");
    }

    public void Dispose() => _pki.Dispose();

    private static void Chmod(string path, UnixFileMode mode) => File.SetUnixFileMode(path, mode);
}
