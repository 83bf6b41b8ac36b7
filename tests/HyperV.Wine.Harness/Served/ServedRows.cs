using System.Globalization;
using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>
/// What a query has found. A query that returns immediately runs when its first row is asked for, so that its refusal is told there, as
/// on a host.
/// </summary>
[GeneratedComClass]
internal sealed unsafe partial class ServedRows(ServedNamespace served, int generation, WqlQuery query) : IEnumWbemClassObject
{
    private IReadOnlyList<CimInstance>? _found;
    private int _next;

    /// <exception cref="CimException">The query is refused.</exception>
    public void Run() => _found ??= query switch
    {
        WqlQuery.Select select => Wait(served.Session.ListInstancesAsync(select.ClassName, select.Conditions, served.End)),
        WqlQuery.Associators related
            => Wait(served.Session.ListAssociatorsAsync(related.Source, related.AssociationClass, related.ResultClass, served.End)),
        _ => throw new CimException(CimErrorCode.InvalidQuery, "A query for events finds no instances."),
    };

    public int Next(int timeout, uint count, nint* objects, uint* returned)
    {
        *returned = 0;
        return !served.IsAlive(generation) ? unchecked((int)CimErrorCode.RpcDisconnected) : ComPointers.Answer(() =>
        {
            Run();
            while (*returned < count)
            {
                served.Pass(Station.Row, _next.ToString(CultureInfo.InvariantCulture));
                if (_next == _found!.Count)
                {
                    return WbemStatus.False;
                }

                objects[(*returned)++] = ComPointers.Of<IWbemClassObject>(ServedObject.Of(_found[_next++]));
            }

            return WbemStatus.Ok;
        });
    }

    public int Reset() => WbemStatus.NotImplemented;

    public int NextAsync(uint count, nint sink) => WbemStatus.NotImplemented;

    public int Clone(nint* copy) => WbemStatus.NotImplemented;

    public int Skip(int timeout, uint count) => WbemStatus.NotImplemented;

    private static IReadOnlyList<CimInstance> Wait(Task<IReadOnlyList<CimInstance>> call) => call.GetAwaiter().GetResult();
}
