using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>A class of the namespace: what a caller asks for the parameters of its methods.</summary>
[GeneratedComClass]
internal sealed unsafe partial class ServedClass(string name, string @namespace, string server)
    : ServedObject(name, new CimObjectPath(name, [], @namespace, server), [], isClass: true)
{
    private readonly string _name = name;

    public override int GetMethod(string? name, int flags, nint* inputs, nint* outputs) => ComPointers.Answer(() =>
    {
        if (MethodDeclarations.Find(_name, name!) is not { } method)
        {
            return unchecked((int)CimErrorCode.NotFound);
        }

        // A method without arguments has no object for them.
        *inputs = method.Inputs.Any() ? ComPointers.Of<IWbemClassObject>(MethodDeclarations.Inputs(method)) : 0;
        *outputs = ComPointers.Of<IWbemClassObject>(MethodDeclarations.Outputs(method));
        return WbemStatus.Ok;
    });
}
