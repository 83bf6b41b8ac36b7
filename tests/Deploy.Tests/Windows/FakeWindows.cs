using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HostAgent.Deploy.Tests.Windows;

/// <summary>
/// A machine to run the deployment scripts on, with the real PowerShell engine: its files are real, in a directory of its own; its services,
/// groups, firewall, registry and access lists are what <c>FakeWindows.ps1</c> keeps here.
/// </summary>
internal sealed class FakeWindows : IDisposable
{
    public const string HyperVAdministrators = "S-1-5-32-578";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("deploy-test-");
    private readonly Runspace _runspace;
    private readonly Hashtable _state = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Changes"] = new ArrayList(),
        ["Services"] = new Hashtable(StringComparer.OrdinalIgnoreCase),
        ["Access"] = new Hashtable(StringComparer.OrdinalIgnoreCase),
        ["Groups"] = new Hashtable { [HyperVAdministrators] = new ArrayList() },
        ["FirewallRules"] = new Hashtable(StringComparer.OrdinalIgnoreCase),
        ["Registry"] = new Hashtable(StringComparer.OrdinalIgnoreCase),
        ["ChangeAnswer"] = 0,
        ["CannotStart"] = null,
        ["Waited"] = 0,
    };

    public FakeWindows()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        _runspace.SessionStateProxy.SetVariable("Windows", _state);
        using var shell = PowerShell.Create(_runspace);
        using var reader = new StreamReader(typeof(FakeWindows).Assembly.GetManifestResourceStream("FakeWindows.ps1")!);
        shell.AddScript(reader.ReadToEnd(), useLocalScope: false).Invoke();
        shell.HadErrors.ShouldBeFalse();
    }

    /// <summary>What commands have changed, in their order.</summary>
    public IReadOnlyList<string> Changes => [.. ((ArrayList)_state["Changes"]!).Cast<object>().Select(change => change.ToString()!)];

    /// <summary>The one service, as Win32_Service has it; null when there is none.</summary>
    public PSObject? Service => (PSObject?)((Hashtable)_state["Services"]!)["HostAgent"];

    public IReadOnlyList<string> Members => [.. ((ArrayList)((Hashtable)_state["Groups"]!)[HyperVAdministrators]!).Cast<object>().Select(member => member.ToString()!)];

    public PSObject? FirewallRule => (PSObject?)((Hashtable)_state["FirewallRules"]!)["HostAgent-gRPC-In"];

    public int RegistryKeys => ((Hashtable)_state["Registry"]!).Count;

    public string InstallRoot => Path.Combine(_directory.FullName, "Program Files", "HostAgent");

    public string DataRoot => Path.Combine(_directory.FullName, "ProgramData", "HostAgent");

    public string Settings => Path.Combine(DataRoot, "agent.json");

    /// <summary>What Win32_Service.Change answers; 0 is success.</summary>
    public int ChangeAnswer { set => _state["ChangeAnswer"] = value; }

    /// <summary>Services whose command line has this text do not start.</summary>
    public string? CannotStart { set => _state["CannotStart"] = value; }

    /// <summary>What the last script that succeeded has warned of.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>How long scripts have waited, in seconds.</summary>
    public int Waited => (int)_state["Waited"]!;

    /// <summary>The access list of a directory below the data directory.</summary>
    public string AccessTo(params string[] below) => (string)((Hashtable)_state["Access"]!)[Path.Combine([DataRoot, .. below])]!;

    /// <summary>Forgets what has been noted so far.</summary>
    public void ForgetChanges() => ((ArrayList)_state["Changes"]!).Clear();

    /// <summary>Writes a file to be installed.</summary>
    public string File(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Makes the folder of a published agent.</summary>
    public string Publish(string version, bool serves = true, int checksUntilServing = 1, int inspectionExitCode = 0, string inspection = "OK      port: 0.0.0.0:7443 is free")
        => PublishedAgent.Write(Path.Combine(_directory.FullName, "published", version), version, serves, checksUntilServing, (inspectionExitCode, inspection));

    /// <summary>Runs one of the deployment scripts as an operator would.</summary>
    /// <exception cref="RuntimeException">The script has failed.</exception>
    public ScriptResult Run(string script, IDictionary parameters)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddCommand(Path.Combine(Repository.Deployment, script)).AddParameters(parameters);
        var output = shell.Invoke();
        shell.Streams.Error.ShouldBeEmpty();
        Warnings = [.. shell.Streams.Warning.Select(warning => warning.Message)];
        var result = output.ShouldHaveSingleItem();
        return new ScriptResult(result.Properties["Version"]?.Value as string, [.. LanguagePrimitives.GetEnumerable(result.Properties["Changes"].Value).Cast<object>().Select(change => change.ToString()!)]);
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _directory.Delete(recursive: true);
    }
}
