namespace HostAgent.Failback.Demo.Nodes;

/// <summary>The files of one demo, in a new directory that only its owner can read.</summary>
internal sealed class DemoDirectory
{
    /// <summary>Creates the directory (mode 0700).</summary>
    public DemoDirectory()
    {
        Root = Directory.CreateTempSubdirectory("failback-demo-").FullName;
        Directory.CreateDirectory(Certificates);
        Directory.CreateDirectory(Logs);
    }

    public string Root { get; }

    public string Certificates => Path.Combine(Root, "certificates");

    /// <summary>Log files of the agents and the coordinator.</summary>
    public string Logs => Path.Combine(Root, "logs");

    public string Estate => Path.Combine(Root, "estate.yaml");

    public string Inventory => Path.Combine(Root, "hosts.yaml");

    public string Campaign => Path.Combine(Root, "campaign.yaml");

    /// <summary>A context file for further commands.</summary>
    public string Context => Path.Combine(Root, "context.json");

    /// <summary>The data directory of an agent or the coordinator.</summary>
    public string Data(string node) => Directory.CreateDirectory(Path.Combine(Root, "data", node)).FullName;

    /// <summary>The log file of an agent or the coordinator.</summary>
    public string Log(string node) => Path.Combine(Logs, $"{node}.log");

    public void Remove() => Directory.Delete(Root, recursive: true);

    /// <summary>Removes everything except the logs; above all, no keys are left behind.</summary>
    public void RemoveAllButLogs()
    {
        foreach (var directory in Directory.GetDirectories(Root).Where(directory => directory != Logs))
        {
            Directory.Delete(directory, recursive: true);
        }

        foreach (var file in Directory.GetFiles(Root))
        {
            File.Delete(file);
        }
    }
}
