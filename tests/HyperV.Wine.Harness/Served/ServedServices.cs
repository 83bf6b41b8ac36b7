using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>One connection to the namespace.</summary>
[GeneratedComClass]
internal sealed unsafe partial class ServedServices(ServedNamespace served, int generation) : IWbemServices
{
    private const int ReturnImmediately = 0x10;

    public int GetObject(string? path, int flags, nint context, nint* found, nint* call) => Answer(() =>
    {
        served.Pass(Station.Get, path!);
        var parsed = Parse(path!);
        var item = parsed.Keys.Count == 0 ? FindClass(parsed.ClassName) : FindInstance(parsed);
        if (item is null)
        {
            return unchecked((int)CimErrorCode.NotFound);
        }

        *found = ComPointers.Of<IWbemClassObject>(item);
        return WbemStatus.Ok;
    });

    public int ExecQuery(string? language, string? query, int flags, nint context, nint* found) => Answer(() =>
    {
        served.Pass(Station.Query, query!);
        var rows = new ServedRows(served, generation, WqlReader.Read(query!));
        if ((flags & ReturnImmediately) == 0)
        {
            rows.Run();
        }

        *found = ComPointers.Of<IEnumWbemClassObject>(rows);
        return WbemStatus.Ok;
    });

    public int ExecNotificationQuery(string? language, string? query, int flags, nint context, nint* found) => Answer(() =>
    {
        served.Pass(Station.Watch, query!);
        if (WqlReader.Read(query!) is not WqlQuery.Watch watch)
        {
            return unchecked((int)CimErrorCode.InvalidQuery);
        }

        var events = new ServedEvents(served, generation, watch);
        *found = ComPointers.Of<IEnumWbemClassObject>(events);
        served.Arm(query!, events);
        return WbemStatus.Ok;
    });

    public int ExecMethod(string? path, string? method, int flags, nint context, nint inputs, nint* outputs, nint* call) => Answer(() =>
    {
        served.Pass(Station.Method, method!);
        var target = Parse(path!);
        if (MethodDeclarations.Find(target.ClassName, method!) is not { } declaration)
        {
            return unchecked((int)CimErrorCode.MethodNotImplemented);
        }

        var arguments = ComPointers.From<IWbemClassObject>(inputs) is ServedObject filled ? filled.ReadValues() : [];
        var result = served.Session.InvokeMethodAsync(target, declaration.Name, arguments, served.End).GetAwaiter().GetResult();
        served.Pass(Station.MethodAnswer, method!);
        *outputs = ComPointers.Of<IWbemClassObject>(MethodDeclarations.Answer(declaration, result));
        return WbemStatus.Ok;
    });

    public int OpenNamespace(nint name, int flags, nint context, nint* services, nint* call) => WbemStatus.NotImplemented;

    public int CancelAsyncCall(nint sink) => WbemStatus.NotImplemented;

    public int QueryObjectSink(int flags, nint* sink) => WbemStatus.NotImplemented;

    public int GetObjectAsync(nint path, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int PutClass(nint item, int flags, nint context, nint* call) => WbemStatus.NotImplemented;

    public int PutClassAsync(nint item, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int DeleteClass(nint name, int flags, nint context, nint* call) => WbemStatus.NotImplemented;

    public int DeleteClassAsync(nint name, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int CreateClassEnum(nint superclass, int flags, nint context, nint* found) => WbemStatus.NotImplemented;

    public int CreateClassEnumAsync(nint superclass, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int PutInstance(nint item, int flags, nint context, nint* call) => WbemStatus.NotImplemented;

    public int PutInstanceAsync(nint item, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int DeleteInstance(nint path, int flags, nint context, nint* call) => WbemStatus.NotImplemented;

    public int DeleteInstanceAsync(nint path, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int CreateInstanceEnum(nint name, int flags, nint context, nint* found) => WbemStatus.NotImplemented;

    public int CreateInstanceEnumAsync(nint name, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int ExecQueryAsync(nint language, nint query, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int ExecNotificationQueryAsync(nint language, nint query, int flags, nint context, nint sink) => WbemStatus.NotImplemented;

    public int ExecMethodAsync(nint path, nint method, int flags, nint context, nint inputs, nint sink) => WbemStatus.NotImplemented;

    private static CimObjectPath Parse(string path)
    {
        try
        {
            return CimObjectPath.Parse(path);
        }
        catch (FormatException malformed)
        {
            throw new CimException(CimErrorCode.InvalidParameter, malformed.Message, malformed);
        }
    }

    private int Answer(Func<int> call) => served.IsAlive(generation) ? ComPointers.Answer(call) : unchecked((int)CimErrorCode.RpcDisconnected);

    private ServedObject? FindInstance(CimObjectPath path)
        => served.Session.GetInstanceAsync(path, served.End).GetAwaiter().GetResult() is { } instance ? ServedObject.Of(instance) : null;

    private ServedClass? FindClass(string name)
    {
        try
        {
            var instances = served.Session.ListInstancesAsync(name, [], served.End).GetAwaiter().GetResult();
            return new ServedClass(name, served.Session.Namespace, served.Server, instances.Count == 0 ? null : instances[0]);
        }
        catch (CimException missing) when (missing.ErrorCode is CimErrorCode.InvalidClass)
        {
            return null;
        }
    }
}
