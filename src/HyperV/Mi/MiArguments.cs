using System.Globalization;
using System.Runtime.InteropServices;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>The instances that a call passes in: the keys of its target, and the arguments of a method. They live until the call has ended.</summary>
/// <param name="library">The library that makes them.</param>
internal sealed unsafe class MiArguments(MiLibrary library) : IDisposable
{
    private readonly List<nint> _instances = [];

    /// <summary>The keys of an object.</summary>
    /// <param name="path">The object.</param>
    /// <param name="declaration">Its class, for the types of keys that are not strings.</param>
    /// <returns>The address of an instance, which this owns.</returns>
    public nint Keys(CimObjectPath path, MiClassDeclaration declaration)
    {
        var instance = New(path.ClassName);
        foreach (var (name, key) in path.Keys)
        {
            var type = declaration.Keys.TryGetValue(name, out var declared) ? declared
                : CimValues.TypeOf(key, out _) ?? throw new ArgumentException($"The key {name} cannot be a {key.GetType().Name}.", nameof(path));
            Add((MiObject*)instance, name, Convert(key, type, name), type, isArray: false, MiConstants.KeyFlag);
        }

        return instance;
    }

    /// <summary>The arguments of a method in their declared types.</summary>
    /// <returns>The address of an instance, which this owns.</returns>
    /// <exception cref="CimException">The method does not declare an argument, or declares another type.</exception>
    public nint Fill(string className, CimMethod method, Dictionary<string, object> arguments)
    {
        var instance = New(MiConstants.Parameters);
        foreach (var (name, value) in arguments)
        {
            var declared = method.FindInput(name)
                ?? throw new CimException(CimErrorCode.InvalidParameter, $"{className}.{method.Name} has no input {name}.");
            if (value is Array != declared.IsArray)
            {
                throw Mismatch($"{className}.{method.Name}: {name}", value, declared.Type);
            }

            var converted = value is Array many
                ? many.Cast<object?>().Select(one => one is null ? null : Convert(one, declared.Type, name)).ToArray()
                : Convert(value, declared.Type, $"{className}.{method.Name}: {name}");
            Add((MiObject*)instance, declared.Name, converted, declared.Type, declared.IsArray, flags: 0);
        }

        return instance;
    }

    public void Dispose()
    {
        foreach (var instance in _instances)
        {
            MiInstances.Delete((MiObject*)instance);
        }

        _instances.Clear();
    }

    private static CimException Mismatch(string where, object value, CimType type)
        => new(CimErrorCode.TypeMismatch, $"{where} is a {value.GetType().Name}, which does not fit a {CimValues.NameOf(type)}.");

    // System.Management converts in the same way: references and times may be given as text, and go where text is declared.
    private static object Convert(object value, CimType type, string where)
    {
        try
        {
            return (type, value) switch
            {
                (CimType.String, CimObjectPath path) => path.ToString(),
                (CimType.String, DateTimeOffset time) => CimDateTime.Format(time),
                (CimType.String, TimeSpan interval) => CimDateTime.Format(interval),
                (CimType.Reference, string text) => CimObjectPath.Parse(text),
                (CimType.Reference, CimObjectPath) => value,
                (CimType.DateTime, string text) => CimDateTime.Parse(text),
                (CimType.DateTime, DateTimeOffset or TimeSpan) => value,
                (CimType.Reference or CimType.DateTime or CimType.Object, _) => throw Mismatch(where, value, type),
                _ when value.GetType() == CimValues.ClrType(type) => value,
                (CimType.String, _) => throw Mismatch(where, value, type),
                _ => System.Convert.ChangeType(value, CimValues.ClrType(type), CultureInfo.InvariantCulture),
            };
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException or OverflowException)
        {
            throw Mismatch(where, value, type);
        }
    }

    private nint New(string className)
    {
        var instance = (nint)library.NewInstance(className);
        _instances.Add(instance);
        return instance;
    }

    // The library copies what it is given.
    private void Add(MiObject* instance, string name, object converted, CimType type, bool isArray, uint flags)
    {
        var texts = new List<nint>();
        void* array = null;
        try
        {
            MiValue value = default;
            var miType = MiValues.TypeOf(type);
            if (isArray)
            {
                var items = (object?[])converted;
                var size = MiValues.SizeOf(miType);
                array = NativeMemory.AllocZeroed((nuint)Math.Max(1, items.Length), (nuint)size);
                for (var i = 0; i < items.Length; i++)
                {
                    var item = items[i] is { } one ? Value(one, texts) : default;
                    NativeMemory.Copy(&item, (byte*)array + (i * size), (nuint)size);
                }

                value.Array = array;
                value.ArraySize = (uint)items.Length;
                miType += (int)MiType.Array;
            }
            else
            {
                value = Value(converted, texts);
            }

            fixed (char* text = name)
            {
                MiFailures.Require($"Setting {name}", ((MiInstanceTable*)instance->Table)->AddElement(instance, text, &value, miType, flags));
            }
        }
        finally
        {
            NativeMemory.Free(array);
            texts.ForEach(Marshal.FreeHGlobal);
        }
    }

    private MiValue Value(object value, List<nint> texts)
    {
        MiValue result = default;
        switch (value)
        {
            case bool flag:
                result.Boolean = flag ? (byte)1 : (byte)0;
                break;
            case byte number:
                result.UInt8 = number;
                break;
            case sbyte number:
                result.SInt8 = number;
                break;
            case ushort number:
                result.UInt16 = number;
                break;
            case short number:
                result.SInt16 = number;
                break;
            case uint number:
                result.UInt32 = number;
                break;
            case int number:
                result.SInt32 = number;
                break;
            case ulong number:
                result.UInt64 = number;
                break;
            case long number:
                result.SInt64 = number;
                break;
            case float number:
                result.Real32 = number;
                break;
            case double number:
                result.Real64 = number;
                break;
            case char character:
                result.UInt16 = character;
                break;
            case string text:
                texts.Add(Marshal.StringToHGlobalUni(text));
                result.String = (char*)texts[^1];
                break;
            case CimObjectPath path:
                result.Instance = Reference(path);
                break;
            default:
                result.Datetime = MiValues.ToDatetime(value);
                break;
        }

        return result;
    }

    private MiObject* Reference(CimObjectPath path)
    {
        var instance = (MiObject*)Keys(path, MiClassDeclaration.Unknown);
        if (path.Namespace is { } home)
        {
            fixed (char* text = home)
            {
                MiFailures.Require("Setting the namespace of a reference", ((MiInstanceTable*)instance->Table)->SetNamespace(instance, text));
            }
        }

        return instance;
    }
}
