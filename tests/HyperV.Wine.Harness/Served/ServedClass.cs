using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>A class of the namespace: what a caller asks for its keys and for the parameters of its methods.</summary>
/// <param name="name">Its name.</param>
/// <param name="namespace">Its namespace.</param>
/// <param name="server">The host.</param>
/// <param name="example">An instance of it, which shows its properties and keys; null where the host has none.</param>
[GeneratedComClass]
internal sealed unsafe partial class ServedClass(string name, string @namespace, string server, CimInstance? example)
    : ServedObject(
        name,
        new CimObjectPath(name, [], @namespace, server),
        example?.Properties.Select(property => ServedProperty.Of(property.Key, property.Value) with { Value = null }) ?? [],
        isClass: true)
{
    private const int KeysOnly = 0x04;
    private const int NoMoreData = 0x00040005;

    private readonly string _name = name;
    private readonly CimInstance? _example = example;
    private int _nextMethod;

    public override int GetNames(string? qualifier, int flags, ComVariant* value, nint* names) => (flags & KeysOnly) == 0
        ? base.GetNames(qualifier, flags, value, names)
        : ComPointers.Answer(() =>
        {
            *names = SafeArrays.OfTexts([.. _example?.Path?.Keys.Keys ?? []]);
            return WbemStatus.Ok;
        });

    public override int GetMethod(string? name, int flags, nint* inputs, nint* outputs) => ComPointers.Answer(() =>
    {
        if (MethodDeclarations.Find(_name, name!) is not { } method)
        {
            return unchecked((int)CimErrorCode.NotFound);
        }

        Give(method, inputs, outputs);
        return WbemStatus.Ok;
    });

    public override int BeginMethodEnumeration(int flags)
    {
        _nextMethod = 0;
        return WbemStatus.Ok;
    }

    public override int NextMethod(int flags, nint* name, nint* inputs, nint* outputs) => ComPointers.Answer(() =>
    {
        if (MethodDeclarations.Of(_name).ElementAtOrDefault(_nextMethod) is not { } method)
        {
            return NoMoreData;
        }

        _nextMethod++;
        *name = Marshal.StringToBSTR(method.Name);
        Give(method, inputs, outputs);
        return WbemStatus.Ok;
    });

    public override int EndMethodEnumeration() => WbemStatus.Ok;

    // A method without arguments has no object for them.
    private static void Give(CimMethod method, nint* inputs, nint* outputs)
    {
        *inputs = method.Inputs.Any() ? ComPointers.Of<IWbemClassObject>(MethodDeclarations.Inputs(method)) : 0;
        *outputs = ComPointers.Of<IWbemClassObject>(MethodDeclarations.Outputs(method));
    }
}
