using System.Collections;

namespace HostAgent.Deploy.Tests.Windows;

/// <summary>Runs the scripts with the arguments that most tests share.</summary>
public abstract class DeploymentTest : IDisposable
{
    private protected DeploymentTest()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests put a pretended Windows in the place of the real one.");
        Windows = new FakeWindows();
        Certificate = Windows.File("hv.pem", "certificate");
        Key = Windows.File("hv-key.pem", "key");
        Authority = Windows.File("ca.pem", "authority");
    }

    internal FakeWindows Windows { get; }

    private protected string Certificate { get; }

    private protected string Key { get; }

    private protected string Authority { get; }

    public void Dispose()
    {
        Windows.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ScriptResult Install(string source, params (string Name, object Value)[] more) => Windows.Run("Install-HostAgent.ps1", With(
        [("Source", source), ("CertificatePath", Certificate), ("PrivateKeyPath", Key), ("AuthorityPath", Authority), ("CoordinatorAddress", new[] { "10.0.0.5" }), .. more]));

    private protected ScriptResult Update(string source, params (string Name, object Value)[] more)
        => Windows.Run("Update-HostAgent.ps1", With([("Source", source), .. more]));

    private protected ScriptResult Uninstall(params (string Name, object Value)[] more)
        => Windows.Run("Uninstall-HostAgent.ps1", With([("Confirm", false), .. more]));

    private protected string PathOf(string version) => Path.Combine(Windows.InstallRoot, "versions", version);

    private Hashtable With((string Name, object Value)[] parameters)
    {
        var table = new Hashtable { ["InstallRoot"] = Windows.InstallRoot, ["DataRoot"] = Windows.DataRoot };
        foreach (var (name, value) in parameters)
        {
            table[name] = value;
        }

        return table;
    }
}

/// <summary>What a script has returned.</summary>
/// <param name="Version">The version that is installed now.</param>
/// <param name="Changes">What it has changed, in its words.</param>
internal sealed record ScriptResult(string? Version, IReadOnlyList<string> Changes);
