using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>What the adapter needs to know of a class: its keys, and the inputs and outputs of its methods. A copy; nothing in it is the library's.</summary>
/// <param name="Keys">The key properties with their types.</param>
/// <param name="Methods">The methods by name.</param>
internal sealed record MiClassDeclaration(IReadOnlyDictionary<string, CimType> Keys, IReadOnlyDictionary<string, CimMethod> Methods)
{
    /// <summary>A class that the namespace does not have: objects of it have no path.</summary>
    public static MiClassDeclaration Unknown { get; } = new(new Dictionary<string, CimType>(), new Dictionary<string, CimMethod>());

    /// <summary>Copies a declaration.</summary>
    public static unsafe MiClassDeclaration Copy(MiObject* declared)
    {
        var table = (MiClassTable*)declared->Table;
        var keys = new Dictionary<string, CimType>(StringComparer.OrdinalIgnoreCase);
        uint count;
        MiFailures.Require("Reading a class", table->GetElementCount(declared, &count));
        for (var i = 0u; i < count; i++)
        {
            char* name;
            byte exists;
            MiType type;
            char* referenced;
            uint flags;
            MiValue value = default;
            MiHandle qualifiers = default;
            MiFailures.Require("Reading a property of a class", table->GetElementAt(declared, i, &name, &value, &exists, &type, &referenced, &qualifiers, &flags));
            // The flag and the qualifier say the same; a host may send either.
            if ((flags & MiConstants.KeyFlag) != 0 || HasQualifier(&qualifiers, "key"))
            {
                keys[new string(name)] = MiValues.TypeOf(type, out _);
            }
        }

        return new MiClassDeclaration(keys, CopyMethods(declared, table));
    }

    private static unsafe Dictionary<string, CimMethod> CopyMethods(MiObject* declared, MiClassTable* table)
    {
        var methods = new Dictionary<string, CimMethod>(StringComparer.OrdinalIgnoreCase);
        uint count;
        MiFailures.Require("Reading the methods of a class", table->GetMethodCount(declared, &count));
        for (var i = 0u; i < count; i++)
        {
            char* name;
            MiHandle qualifiers = default;
            MiHandle parameters = default;
            MiFailures.Require("Reading a method of a class", table->GetMethodAt(declared, i, &name, &qualifiers, &parameters));
            var text = new string(name);
            methods[text] = new CimMethod(text, CopyParameters(&parameters));
        }

        return methods;
    }

    private static unsafe List<CimParameter> CopyParameters(MiHandle* parameters)
    {
        var table = (MiParameterSetTable*)parameters->Table;
        var copies = new List<CimParameter>();
        uint count;
        MiFailures.Require("Reading the parameters of a method", table->GetParameterCount(parameters, &count));
        for (var i = 0u; i < count; i++)
        {
            char* name;
            MiType type;
            char* referenced;
            MiHandle qualifiers = default;
            MiFailures.Require("Reading a parameter of a method", table->GetParameterAt(parameters, i, &name, &type, &referenced, &qualifiers));
            var isOutput = HasQualifier(&qualifiers, "out");
            var cimType = MiValues.TypeOf(type, out var isArray);
            if (!isOutput || HasQualifier(&qualifiers, "in"))
            {
                copies.Add(new CimParameter(new string(name), cimType, isArray));
            }

            if (isOutput)
            {
                copies.Add(new CimParameter(new string(name), cimType, isArray, IsOutput: true));
            }
        }

        return copies;
    }

    private static unsafe bool HasQualifier(MiHandle* qualifiers, string name)
    {
        if (qualifiers->Table is null)
        {
            return false;
        }

        MiType type;
        uint flags;
        uint index;
        MiValue value = default;
        fixed (char* text = name)
        {
            return ((MiQualifierSetTable*)qualifiers->Table)->GetQualifier(qualifiers, text, &type, &flags, &value, &index) is MiResult.Ok
                && (type is not MiType.Boolean || value.Boolean != 0);
        }
    }
}
