package assay.budget;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Loads the program a second time, with a call of [Counted] at every torch operation. So the program itself has
/// nothing in it that counts, and an operation added to it tomorrow is counted without a word.
final class CountingLoader extends ClassLoader {
    private static final String TORCH = torch.class.getName().replace('.', '/');
    private static final String TENSOR = Tensor.class.getName().replace('.', '/');
    private static final Set<String> PRODUCTS = Set.of("linear", "bmm", "matmul", "addmm_");
    /// May return the tensor they were asked about.
    private static final Set<String> PASSED_ON = Set.of("contiguous", "detach", "set_requires_grad");

    private static final ClassDesc COUNTED = ClassDesc.of(Counted.class.getName());
    private static final ClassDesc A_TENSOR = ClassDesc.of(Tensor.class.getName());
    private static final MethodTypeDesc ON = MethodTypeDesc.of(A_TENSOR, A_TENSOR);

    CountingLoader() {
        super(CountingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("assay.") || name.equals(Counted.class.getName())) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? counting(name) : known;
        }
    }

    private Class<?> counting(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            ClassFile files = ClassFile.of(
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(getParent())
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            ClassModel plain = files.parse(in.readAllBytes());
            byte[] counting =
                    files.transformClass(plain, transform(plain.thisClass().asInternalName()));
            return defineClass(name, counting, 0, counting.length);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static ClassTransform transform(String type) {
        return (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                builder.transformMethod(method, MethodTransform.transformingCode(new Counting(type, method)));
            } else {
                builder.with(element);
            }
        };
    }

    /// Adds what is to be said to one method.
    private record Counting(String type, MethodModel method) implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            String name = method.methodName().stringValue();
            if (type.equals("assay/engine/model/Attention") && name.equals("keysAndValues")) {
                code.aload(1).invokestatic(COUNTED, "tokens", MethodTypeDesc.of(ConstantDescs.CD_void, A_TENSOR));
            }
            boolean isOfOneTerm =
                    method.methodType().stringValue().startsWith("(Lassay/measure/behaviour/Behaviour$Term;");
            if (type.equals("assay/measure/behaviour/Runner") && name.equals("hidden") && isOfOneTerm) {
                code.invokestatic(COUNTED, "prompt", MethodTypeDesc.of(ConstantDescs.CD_void));
            }
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof InvokeInstruction call
                    && type.equals("assay/base/run/UserFolders")
                    && call.name().equalsString("getenv")) {
                code.invokestatic(COUNTED, "noVariables", call.typeSymbol());
                return;
            }
            if (!(element instanceof InvokeInstruction call) || !isOperation(call)) {
                code.with(element);
                return;
            }
            String name = call.name().stringValue();
            if (PRODUCTS.contains(name)) {
                MethodTypeDesc asked = call.typeSymbol();
                boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
                code.invokestatic(COUNTED, name, isStatic ? asked : asked.insertParameterTypes(0, A_TENSOR));
            } else {
                code.with(call);
                boolean isOld = name.endsWith("_") || PASSED_ON.contains(name);
                code.invokestatic(COUNTED, isOld ? "changed" : "made", ON);
            }
        }

        private static boolean isOperation(InvokeInstruction call) {
            String owner = call.owner().asInternalName();
            return (owner.equals(TORCH) || owner.equals(TENSOR))
                    && call.typeSymbol().returnType().equals(A_TENSOR);
        }
    }
}
