namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// The agents of one run. Each accepts every request, runs as many failbacks at once as it allows, and ends each after the time
/// given by its size, its rate and its link. Nothing fails.
/// </summary>
internal sealed class VirtualAgents
{
    /// <summary>An outage: the guest shuts down, the last changes go over, the machine starts at home and answers.</summary>
    public static readonly TimeSpan Outage = TimeSpan.FromSeconds(60 + 20 + 90);

    /// <summary>What it takes to find that a machine is in step: of a drill before it leaves, and of one that is protected where it is.</summary>
    public static readonly TimeSpan InStep = TimeSpan.FromSeconds(5);

    /// <summary>A test without what it is left running: the test machine is made, starts and answers, and is removed.</summary>
    public static readonly TimeSpan Test = TimeSpan.FromSeconds(30 + 90 + 15);

    private readonly VirtualEstate _estate;
    private readonly IReadOnlyList<double> _sizes;
    private readonly double[] _rates;
    private readonly VirtualLink[] _links;
    private readonly double[] _ends;
    private readonly SortedSet<(double End, int Link)> _order = [];
    private readonly int[] _running;
    private readonly int[] _peaks;
    private readonly Queue<int>?[] _queues;

    /// <param name="estate">Hosts and links.</param>
    /// <param name="sizes">The size of each item's disks, in bytes.</param>
    /// <param name="rates">The rate of each step, in bytes a second.</param>
    public VirtualAgents(VirtualEstate estate, IReadOnlyList<double> sizes, double[] rates)
    {
        _estate = estate;
        _sizes = sizes;
        _rates = rates;
        _links = [.. estate.Bandwidths.Select(bandwidth => new VirtualLink(bandwidth))];
        _ends = new double[_links.Length];
        Array.Fill(_ends, double.PositiveInfinity);
        _running = new int[estate.AgentLimits.Count];
        _peaks = new int[estate.AgentLimits.Count];
        _queues = new Queue<int>?[estate.AgentLimits.Count];
    }

    /// <summary>How long a step takes that does not depend on the size of the disks; null for every other.</summary>
    public static TimeSpan? FixedTimeOf(Planning.StepKind kind, ForecastRequest request) => kind switch
    {
        Planning.StepKind.SwitchOver => request.Outage ?? Outage,
        Planning.StepKind.Protect => InStep,
        Planning.StepKind.Synchronize when request.Spec.PlannedDrill is not null => InStepOf(request.Spec),
        Planning.StepKind.TestFailover => Test + request.Spec.TestFailover?.Soak,
        _ => null,
    };

    /// <summary>What it takes on either way of a planned drill until a machine may go down.</summary>
    public static TimeSpan InStepOf(Spec.CampaignSpec spec) => InStep + (spec.HostToHost!.Rehearse ? Test : TimeSpan.Zero);

    /// <summary>When the next failback ends, in seconds since the start; infinite when none is running.</summary>
    public double NextEnd => _order.Count == 0 ? double.PositiveInfinity : _order.Min.End;

    public bool LinkWasFull => Array.Exists(_links, link => link.WasFull);

    /// <summary>The highest number of concurrent failbacks on each host.</summary>
    public IReadOnlyList<int> Peaks => _peaks;

    /// <summary>Whether anything ever waited for a slot on a host.</summary>
    public bool HasQueued(int host) => _queues[host] is not null;

    /// <summary>Starts a step of an item, or queues it at its host.</summary>
    /// <param name="item">The item's index.</param>
    /// <param name="position">The index of the step, from 0.</param>
    /// <param name="now">Seconds since the start.</param>
    public void Initiate(int item, int position, double now)
    {
        var step = _estate.FirstStepOf[item] + position;
        var host = _estate.HostOf[step];
        if (_running[host] < _estate.AgentLimits[host])
        {
            Begin(step, now);
        }
        else
        {
            (_queues[host] ??= new Queue<int>()).Enqueue(step);
        }
    }

    /// <summary>Ends the failback due at <see cref="NextEnd"/>.</summary>
    /// <returns>The item's index.</returns>
    public int End()
    {
        var (now, link) = _order.Min;
        var step = _links[link].End();
        Reorder(link);
        var host = _estate.HostOf[step];
        _running[host]--;
        if (_queues[host] is { } queue && queue.TryDequeue(out var next))
        {
            Begin(next, now);
        }

        return _estate.ItemOf[step];
    }

    private void Begin(int step, double now)
    {
        var (host, link) = (_estate.HostOf[step], _estate.LinkOf[step]);
        _peaks[host] = Math.Max(_peaks[host], ++_running[host]);
        if (_estate.FixedTimes[step] is { } takes)
        {
            // Too little goes over the link to count.
            _links[link].Begin(step, takes.TotalSeconds, 1, now);
        }
        else
        {
            _links[link].Begin(step, (_sizes[_estate.ItemOf[step]] / _rates[step]) + _estate.AddedTimes[step].TotalSeconds, _rates[step], now);
        }

        Reorder(link);
    }

    private void Reorder(int link)
    {
        _order.Remove((_ends[link], link));
        _ends[link] = _links[link].NextEnd;
        if (!double.IsPositiveInfinity(_ends[link]))
        {
            _order.Add((_ends[link], link));
        }
    }
}
