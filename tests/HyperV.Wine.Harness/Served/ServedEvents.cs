using System.Collections.Concurrent;
using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>The events of one watch, which stands when the constructor returns.</summary>
[GeneratedComClass]
internal sealed partial class ServedEvents : IEnumWbemClassObject
{
    private readonly ServedNamespace _served;
    private readonly int _generation;
    private readonly BlockingCollection<ServedObject> _events = [];
    private volatile CimException? _failure;

    public ServedEvents(ServedNamespace served, int generation, WqlQuery.Watch watch)
    {
        _served = served;
        _generation = generation;
        var changes = served.Session.WatchInstancesAsync(watch.ClassName, watch.Within, served.End).GetAsyncEnumerator(served.End);
        _ = PumpAsync(changes, changes.MoveNextAsync());
    }

    /// <summary>Says that events were lost: an event without an instance, of a class that nobody has asked for.</summary>
    public void RaiseLost() => _events.Add(new ServedObject("__EventQueueOverflowEvent", path: null, [ServedProperty.Of("CurrentQueueSize", 10_000_000)]));

    public unsafe int Next(int timeout, uint count, nint* objects, uint* returned)
    {
        *returned = 0;
        return !_served.IsAlive(_generation) ? unchecked((int)CimErrorCode.RpcDisconnected) : ComPointers.Answer(() =>
        {
            _served.Pass(Station.Event, string.Empty);
            if (!_events.TryTake(out var change, timeout))
            {
                return _failure is { } failure ? throw failure : WbemStatus.TimedOut;
            }

            *objects = ComPointers.Of<IWbemClassObject>(change);
            *returned = 1;
            return WbemStatus.Ok;
        });
    }

    public int Reset() => WbemStatus.NotImplemented;

    public int NextAsync(uint count, nint sink) => WbemStatus.NotImplemented;

    public unsafe int Clone(nint* copy) => WbemStatus.NotImplemented;

    public int Skip(int timeout, uint count) => WbemStatus.NotImplemented;

    private static ServedObject Event(CimInstanceEvent change) => new(
        change.Kind switch
        {
            CimInstanceEventKind.Created => "__InstanceCreationEvent",
            CimInstanceEventKind.Modified => "__InstanceModificationEvent",
            _ => "__InstanceDeletionEvent",
        },
        path: null,
        [ServedProperty.Of("TargetInstance", change.Instance)]);

    private async Task PumpAsync(IAsyncEnumerator<CimInstanceEvent> changes, ValueTask<bool> next)
    {
        try
        {
            while (await next)
            {
                _events.Add(Event(changes.Current));
                next = changes.MoveNextAsync();
            }
        }
        catch (CimException failure)
        {
            _failure = failure;
        }
        catch (OperationCanceledException)
        {
            _failure = new CimException(CimErrorCode.CallCancelled, "The namespace is not served any more.");
        }
        finally
        {
            _events.CompleteAdding();
            await changes.DisposeAsync();
        }
    }
}
