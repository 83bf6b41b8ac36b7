namespace HostAgent.Benchmarks.Coordinator;

/// <summary>What scripted agents do from now on.</summary>
/// <param name="Generation">The number of the campaign: machines of different generations are different ones.</param>
/// <param name="Hosts">How many hosts there are in all processes.</param>
/// <param name="Machines">How many machines they have together, spread evenly.</param>
/// <param name="Item">How long a failback takes; zero for no time at all.</param>
/// <param name="Spread">So many of the first failbacks end evenly spread over that time instead.</param>
/// <param name="Percent">How often one that takes time advances by one percent.</param>
internal sealed record AgentScript(int Generation, int Hosts, int Machines, TimeSpan Item, int Spread, TimeSpan Percent)
{
    /// <summary>How many machines a host has.</summary>
    /// <param name="host">Its number, from 0.</param>
    public int MachinesOf(int host) => (Machines / Hosts) + (host < Machines % Hosts ? 1 : 0);

    /// <summary>The id of a machine.</summary>
    /// <param name="host">The number of its host.</param>
    /// <param name="machine">Its number on that host.</param>
    public Guid IdOf(int host, int machine) => new(Generation + 1, (short)(host >> 8), (short)(host & 0xFF), 1, 0, 0, 0, (byte)(machine >> 24), (byte)(machine >> 16), (byte)(machine >> 8), (byte)machine);

    /// <summary>How long a failback takes.</summary>
    /// <param name="order">The how manieth it is of its generation, from 0.</param>
    public TimeSpan TimeOf(int order) => order < Spread ? Item * ((order + 1.0) / Spread) : Item;
}

/// <summary>The script of a process's agents, and which agent is at which port.</summary>
internal sealed class AgentScripts
{
    private Dictionary<int, int> _hostByPort = [];
    private AgentScript _script = new(0, 1, 0, TimeSpan.Zero, 0, TimeSpan.Zero);
    private int _started;

    /// <summary>What is done now.</summary>
    public AgentScript Current => Volatile.Read(ref _script);

    /// <summary>Notes where the agents listen, in the order of their hosts.</summary>
    public void Place(IReadOnlyList<int> ports, int first) => Volatile.Write(ref _hostByPort, ports.Select((port, index) => (port, index)).ToDictionary(placed => placed.port, placed => first + placed.index));

    /// <summary>Begins another script.</summary>
    public void Use(AgentScript script)
    {
        if (script.Generation != Current.Generation)
        {
            Volatile.Write(ref _started, 0);
        }

        Volatile.Write(ref _script, script);
    }

    /// <summary>The number of the host at a port.</summary>
    public int HostAt(int port) => Volatile.Read(ref _hostByPort)[port];

    /// <summary>How long the next failback takes.</summary>
    public TimeSpan Next() => Current.TimeOf(Interlocked.Increment(ref _started) - 1);
}
