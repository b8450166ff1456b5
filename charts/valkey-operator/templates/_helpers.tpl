{{/* What selects the pods of one program: (dict "root" $ "program" "operator") */}}
{{- define "selector" -}}
app.kubernetes.io/name: {{ .program }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "labels" -}}
{{ include "selector" . }}
app.kubernetes.io/part-of: valkey-operator
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/*
One program: its account and its pods, under the restricted Pod Security Standard.
(dict "root" $ "program" "operator" "values" .Values.operator "needsApi" true "args" (list "--flag")
"certificates" (dict "name" "secret") "configMaps" (dict "name" "config-map") "ports" (dict "name" 1)
"isReplacedFirst" false), where certificates are mounted at /tls/name and ConfigMaps at /config/name
*/}}
{{- define "program" -}}
{{- $labels := include "labels" . -}}
{{- $pods := .root.Values.pods -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .root.Release.Name }}-{{ .program }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- $labels | nindent 4 }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .root.Release.Name }}-{{ .program }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- $labels | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  {{- if .isReplacedFirst }}
  strategy:
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  {{- end }}
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- $labels | nindent 8 }}
        {{- with $pods.labels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $pods.annotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ .root.Release.Name }}-{{ .program }}
      automountServiceAccountToken: {{ .needsApi }}
      enableServiceLinks: false
      # What is under way is given 30 s to end, and then the lease is given up, or clients are sent elsewhere before.
      terminationGracePeriodSeconds: 45
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $pods.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $pods.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $pods.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $pods.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $pods.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- range . }}
        {{- toYaml (list (merge (dict "labelSelector" (dict "matchLabels" (fromYaml (include "selector" $)))) .)) | nindent 8 }}
        {{- end }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: {{ .program }}
          image: {{ .root.Values.image.registry }}/valkey-{{ .program }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args:
            - --log-level={{ .root.Values.logLevel }}
            {{- range .args }}
            - {{ . }}
            {{- end }}
          ports:
            - {name: health, containerPort: 8081}
            - {name: metrics, containerPort: 8080}
            {{- range $name, $port := .ports }}
            - {name: {{ $name }}, containerPort: {{ $port }}}
            {{- end }}
          livenessProbe:
            httpGet: {path: /healthz, port: health}
            initialDelaySeconds: 15
            periodSeconds: 20
          readinessProbe:
            httpGet: {path: /readyz, port: health}
            periodSeconds: 5
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          resources: {{- toYaml .values.resources | nindent 12 }}
          {{- if or .certificates .configMaps }}
          volumeMounts:
            {{- range $name, $_ := .certificates }}
            - {name: tls-{{ $name }}, mountPath: /tls/{{ $name }}, readOnly: true}
            {{- end }}
            {{- range $name, $_ := .configMaps }}
            - {name: config-{{ $name }}, mountPath: /config/{{ $name }}, readOnly: true}
            {{- end }}
          {{- end }}
      {{- if or .certificates .configMaps }}
      volumes:
        {{- range $name, $secret := .certificates }}
        - name: tls-{{ $name }}
          secret: {secretName: {{ $secret }}}
        {{- end }}
        {{- range $name, $configMap := .configMaps }}
        - name: config-{{ $name }}
          configMap: {name: {{ $configMap }}}
        {{- end }}
      {{- end }}
{{- end }}
