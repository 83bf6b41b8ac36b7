using System.Globalization;
using HostAgent.HyperV.Captures;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Simulation.Captures;

/// <summary>
/// A host that shows what another one showed to a capture. It answers reads and refuses methods. Its time stands still until
/// <see cref="Next"/> makes the next change that the capture saw.
/// </summary>
public sealed class ReplayedHost
{
    private readonly Lock _lock = new();
    private readonly List<CaptureRecord> _state = [];
    private readonly Queue<CapturedChange> _changes;

    private ReplayedHost(CaptureStart start, IEnumerable<CaptureRecord> state, IEnumerable<CapturedChange> changes)
    {
        Start = start;
        _state.AddRange(state);
        _changes = new(changes);
    }

    /// <summary>What was captured, and when.</summary>
    public CaptureStart Start { get; }

    /// <summary>How many changes are still to come.</summary>
    public int ChangesLeft
    {
        get
        {
            lock (_lock)
            {
                return _changes.Count;
            }
        }
    }

    /// <summary>Reads a capture. A last line that was cut off, since the capture was killed, is left out.</summary>
    /// <param name="lines">The lines.</param>
    /// <exception cref="FormatException">They are no capture; the message says which line.</exception>
    public static ReplayedHost Read(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var records = new List<CaptureRecord>();
        for (var i = 0; i < lines.Count; i++)
        {
            try
            {
                records.Add(CaptureText.Read(lines[i]));
            }
            catch (FormatException exception) when (i < lines.Count - 1 || i == 0)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {i + 1}: {exception.Message}"), exception);
            }
            catch (FormatException)
            {
                break;
            }
        }

        return records is [CaptureStart start, .. var rest]
            ? new ReplayedHost(start, rest.Where(record => record is not (CapturedChange or CapturedOutage)), rest.OfType<CapturedChange>())
            : throw new FormatException("A capture begins with its start.");
    }

    /// <summary>The namespaces that the capture has.</summary>
    public HostNamespaces OpenNamespaces() => new(
        new ReplayedSession(this, HyperVClasses.Namespace), Open(Volumes.VolumeClasses.Namespace), Open(Clusters.ClusterClasses.Namespace));

    /// <summary>Makes the next change.</summary>
    /// <returns>The change; null when none is left.</returns>
    public CapturedChange? Next()
    {
        lock (_lock)
        {
            if (!_changes.TryDequeue(out var change))
            {
                return null;
            }

            for (var i = 0; i < _state.Count; i++)
            {
                _state[i] = _state[i] switch
                {
                    CapturedListing listing => listing with { Instances = Apply(change, listing.Instances, listing.ClassName) },
                    CapturedAssociation association => association with { Instances = Apply(change, association.Instances, association.ResultClass) },
                    var other => other,
                };
            }

            return change;
        }
    }

    internal IReadOnlyList<CimInstance> List(string namespaceName, string className)
    {
        lock (_lock)
        {
            return Of<CapturedListing>(namespaceName, listing => listing.Namespace, listing => Same(listing.ClassName, className))?.Instances
                ?? throw Refusal(namespaceName, className);
        }
    }

    internal IReadOnlyList<CimInstance> Associated(string namespaceName, CimObjectPath source, string association, string resultClass)
    {
        lock (_lock)
        {
            return Of<CapturedAssociation>(
                    namespaceName, one => one.Namespace, one => Same(one.Association, association) && Same(one.ResultClass, resultClass) && one.Source.Equals(source))?.Instances
                ?? throw Refusal(namespaceName, association);
        }
    }

    internal CimInstance? Find(string namespaceName, CimObjectPath path)
    {
        lock (_lock)
        {
            return _state.SelectMany(record => record switch
            {
                CapturedListing listing when Same(listing.Namespace, namespaceName) => listing.Instances,
                CapturedAssociation association when Same(association.Namespace, namespaceName) => association.Instances,
                _ => [],
            }).FirstOrDefault(instance => path.Equals(instance.Path));
        }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    // A job that is created appears where jobs are listed; it is the machine's, as far as the capture can tell.
    private static IReadOnlyList<CimInstance> Apply(CapturedChange change, IReadOnlyList<CimInstance> instances, string listedClass)
    {
        var path = change.Instance.Path!;
        return change.Kind switch
        {
            CimInstanceEventKind.Deleted => [.. instances.Where(instance => !path.Equals(instance.Path))],
            CimInstanceEventKind.Modified => [.. instances.Select(instance => path.Equals(instance.Path) ? change.Instance : instance)],
            _ => Same(listedClass, change.Instance.ClassName) || (Same(listedClass, HyperVClasses.AnyConcreteJob) && Same(change.Instance.ClassName, HyperVClasses.ConcreteJob))
                ? [.. instances, change.Instance]
                : instances,
        };
    }

    private ReplayedSession? Open(string namespaceName)
    {
        lock (_lock)
        {
            return _state.Exists(record => record is CapturedListing listing && Same(listing.Namespace, namespaceName)
                || record is CapturedRefusal refusal && Same(refusal.Namespace, namespaceName))
                ? new ReplayedSession(this, namespaceName)
                : null;
        }
    }

    private T? Of<T>(string namespaceName, Func<T, string> namespaceOf, Func<T, bool> isIt)
        where T : CaptureRecord
        => _state.OfType<T>().FirstOrDefault(record => Same(namespaceOf(record), namespaceName) && isIt(record));

    private CimException Refusal(string namespaceName, string className)
    {
        var code = Of<CapturedRefusal>(namespaceName, refusal => refusal.Namespace, refusal => Same(refusal.ClassName, className))?.ErrorCode ?? CimErrorCode.InvalidClass;
        return new CimException(code, $"The capture has no {className} of {namespaceName}.");
    }
}
